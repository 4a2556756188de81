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
  'pattern.openapi.validation': 'is not of the form that the documentation describes',
  'additionalProperties.openapi.validation': 'is not a field of this body',
};

/** More would help nobody, and let a small request cause a large answer. */
export const mostErrors = 50;

/**
 * What the validator found wrong, in our terms.
 * @throws whatever else went wrong in it
 */
export function fieldErrors(error: Error | undefined): FieldError[] {
  if (error === undefined) return [];
  if (!(error instanceof validatorErrors.BadRequest)) throw error;
  return error.errors.map(({ path, message, errorCode = '' }) => {
    const [place = '', ...steps] = path.replace(/^\//, '').split('/');
    return {
      // An unknown field with an empty name comes without a path.
      in: places[place] ?? 'body',
      path: shown(steps.join('.')),
      message: plainMessages[errorCode] ?? message,
    };
  });
}

export function unknownQueryParameters(request: Request): FieldError[] {
  return Object.keys(request.query)
    .filter((name) => !request.operation.queryParameters.has(name))
    .map((name) => ({ in: 'query', path: shown(name), message: 'is not a parameter of this operation' }));
}

/** Express would read other bytes than UTF-8 as U+FFFD: text that nobody sent. */
export function misencodedQuery(request: Request): FieldError[] {
  const start = request.url.indexOf('?');
  const pairs = start < 0 ? [] : request.url.slice(start + 1).split('&');
  return pairs
    .filter((pair) => !isPercentEncoded(pair))
    .map((pair) => ({
      in: 'query',
      path: shown(pair.split('=', 1)[0] ?? ''),
      message: 'is not percent-encoded UTF-8',
    }));
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
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

/** Names may be made up of anything; no control character of them gets into a log or onto a terminal. */
function shown(path: string): string {
  return path
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\uFFFD')
    .slice(0, 200);
}
