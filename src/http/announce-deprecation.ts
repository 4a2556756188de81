import type { RequestHandler } from 'express';
import { startOf } from './deprecation.ts';
import type { Operation } from './operations.ts';

interface Notice {
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the operation to use instead. */
  readonly successorPath: string | undefined;
}

/** Ids and keys; anything else in a path is none of ours, and nothing to repeat in a header. */
const plain = /^[\w.~-]{1,64}$/;

/** Tells of the end of an operation on each of its answers, errors too: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). */
export function announceDeprecation(operations: readonly Operation[]): RequestHandler {
  const notices = new Map(operations.map((operation) => [operation, noticeOf(operation, operations)]));
  return (request, response, next) => {
    const notice = notices.get(request.operation);
    if (notice) {
      const successor = fillIn(notice.successorPath, request.pathParameters);
      response.set(notice.headers);
      if (successor !== undefined) response.append('Link', `<${successor}>; rel="successor-version"`);
    }
    next();
  };
}

/** @throws {TypeError} naming the operation that is to be replaced by one that there is not */
function noticeOf(
  { id, path, tag, deprecation }: Operation,
  operations: readonly Operation[],
): Notice | undefined {
  if (!deprecation) return undefined;
  const { since, sunset } = deprecation;
  const successor = operations.find((other) => other.id === deprecation.successor);
  if (deprecation.successor !== undefined && !successor)
    throw new TypeError(`${path} ${id}: there is no operation ${deprecation.successor} to use instead`);
  // The docs' own name for the place of an operation.
  const section = `tag/${tag.replaceAll(' ', '-')}/operation/${id}`;
  return {
    headers: {
      Deprecation: `@${startOf(since) / 1000}`,
      Sunset: new Date(startOf(sunset)).toUTCString(),
      Link: `</docs#${section}>; rel="deprecation"; type="text/html"`,
    },
    successorPath: successor?.path,
  };
}

/** Undefined where the request does not hold all that the path needs. */
function fillIn(path: string | undefined, values: Readonly<Record<string, string>>): string | undefined {
  const filled = path?.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name] ?? '';
    return plain.test(value) ? value : placeholder;
  });
  return filled?.includes('{') ? undefined : filled;
}
