import type { RequestHandler } from 'express';
import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import type { ContractDocument } from './contract.ts';
import { parseDeprecation, startOf, type DeprecatedOperation } from './deprecation.ts';
import type { Operation } from './operations.ts';

interface Notice {
  readonly headers: Readonly<Record<string, string>>;
  /** Path of the operation to use instead. */
  readonly successorPath: string | undefined;
}

type OperationObject = OpenAPIV3.OperationObject & DeprecatedOperation;

/** Ids and keys; anything else in a path is none of ours, and nothing to repeat in a header. */
const plain = /^[\w.~-]{1,64}$/;

/** Tells of the end of an operation on each of its answers, errors too: `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). */
export function announceDeprecation(
  document: ContractDocument,
  operations: readonly Operation[],
): RequestHandler {
  const notices = new Map(
    operations.map((operation) => [operation, noticeOf(operation, document, operations)]),
  );
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

/** @throws {TypeError} naming the operation whose deprecation is not as it should be */
function noticeOf(
  { id, method, path }: Operation,
  document: ContractDocument,
  operations: readonly Operation[],
): Notice | undefined {
  const operation = document.paths?.[path]?.[method.toLowerCase() as 'get'] as OperationObject;
  try {
    const deprecation = parseDeprecation(operation);
    if (!deprecation) return undefined;
    const successor = operations.find((other) => other.id === deprecation.successor);
    if (deprecation.successor !== undefined && !successor)
      throw new TypeError(`there is no operation ${deprecation.successor} to use instead`);
    return {
      headers: {
        Deprecation: `@${startOf(deprecation.since) / 1000}`,
        Sunset: new Date(startOf(deprecation.sunset)).toUTCString(),
        Link: `</docs#${sectionOf(operation)}>; rel="deprecation"; type="text/html"`,
      },
      successorPath: successor?.path,
    };
  } catch (error) {
    throw new TypeError(`${path} ${id}: ${(error as Error).message}`, { cause: error });
  }
}

/** The docs' own name for the place of an operation. */
function sectionOf({ operationId = '', tags: [tag = ''] = [] }: OperationObject): string {
  return `tag/${tag.replaceAll(' ', '-')}/operation/${operationId}`;
}

/** Undefined where the request does not hold all that the path needs. */
function fillIn(path: string | undefined, values: Readonly<Record<string, string>>): string | undefined {
  const filled = path?.replaceAll(/\{(\w+)\}/g, (placeholder, name: string) => {
    const value = values[name] ?? '';
    return plain.test(value) ? value : placeholder;
  });
  return filled?.includes('{') ? undefined : filled;
}
