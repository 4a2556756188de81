import { error as validatorErrors } from 'express-openapi-validator';
import type { Request } from 'express';
import type { FieldError } from '../core/errors.ts';
import { isStorableText } from '../core/text.ts';

const places: Readonly<Record<string, FieldError['in']>> = {
  body: 'body',
  query: 'query',
  params: 'path',
  headers: 'header',
};

/** Where the validator's words name the field again, or speak of its own terms. */
const plainMessages: Readonly<Record<string, string>> = {
  'required.openapi.validation': 'is required',
  'additionalProperties.openapi.validation': 'is not a field of this body',
};

/** More would help nobody, and let a small request cause a large answer. */
const mostErrors = 50;

/**
 * What the validator found wrong, in our terms.
 * @throws whatever else went wrong in it
 */
export function fieldErrors(error: Error | undefined): FieldError[] {
  if (error === undefined) return [];
  if (!(error instanceof validatorErrors.BadRequest)) throw error;
  return error.errors.slice(0, mostErrors).map(({ path, message, errorCode = '' }) => {
    const [place = '', ...steps] = path.replace(/^\//, '').split('/');
    return {
      in: places[place] ?? 'query',
      path: shown(steps.join('.')),
      message: plainMessages[errorCode] ?? message,
    };
  });
}

export function unknownQueryParameters(request: Request): FieldError[] {
  return Object.keys(request.query)
    .filter((name) => !request.operation.queryParameters.has(name))
    .slice(0, mostErrors)
    .map((name) => ({ in: 'query', path: shown(name), message: 'is not a parameter of this operation' }));
}

/** Text that can't be stored as it was sent. */
export function unstorableText(request: Request): FieldError[] {
  const sources = { path: request.pathParameters, query: request.query, body: request.body as unknown };
  return Object.entries(sources).flatMap(([place, source]) =>
    textsIn(source)
      .filter(([, text]) => !isStorableText(text))
      .map(([path]) => ({
        in: place as FieldError['in'],
        path,
        message: 'must not contain NUL or half of a surrogate pair',
      })),
  );
}

function textsIn(value: unknown, path: readonly string[] = []): [path: string, text: string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsIn(member, [...path, name]));
}

function shown(path: string): string {
  return path.toWellFormed().slice(0, 200);
}
