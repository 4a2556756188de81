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

/** What has no place in the database: the validator reads `1e400` as Infinity, for which no maximum holds. */
export function unstorableValues(request: Request): FieldError[] {
  const sources = { path: request.pathParameters, query: request.query, body: request.body as unknown };
  return Object.entries(sources).flatMap(([place, source]) =>
    valuesIn(source).flatMap(([path, value]) => {
      const message = whyUnstorable(value);
      return message === undefined ? [] : [{ in: place as FieldError['in'], path, message }];
    }),
  );
}

function whyUnstorable(value: unknown): string | undefined {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'is too large a number';
  if (typeof value === 'string' && !isStorableText(value))
    return 'must not contain NUL or half of a surrogate pair';
  return undefined;
}

function valuesIn(value: unknown, path: readonly string[] = []): [path: string, value: unknown][] {
  if (typeof value !== 'object' || value === null) return [[path.join('.'), value]];
  return Object.entries(value).flatMap(([name, member]) => valuesIn(member, [...path, name]));
}

/** Names may be made up of anything; no control character of them gets into a log or onto a terminal. */
function shown(path: string): string {
  return path
    .toWellFormed()
    .replaceAll(/\p{Cc}/gu, '\uFFFD')
    .slice(0, 200);
}
