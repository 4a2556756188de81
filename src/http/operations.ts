import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import type { operations } from '../generated/openapi.ts';
import { resolve, type ContractDocument } from './contract.ts';
import { parseDeprecation, type DeprecatedOperation, type Deprecation } from './deprecation.ts';
import { bodyFieldsOf, parseRateLimit, type RateLimit } from './rate-limit.ts';
import { parseRequiredRole, type RequiredRole } from './required-role.ts';

export type OperationId = keyof operations;
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface OperationResponse {
  readonly hasEntityTag: boolean;
  readonly mediaType: string | undefined;
  /** Headers to which the contract gives a constant value. */
  readonly constantHeaders: Readonly<Record<string, string>>;
}

/** What the pipeline needs to know of an operation, read from the contract once at boot. */
export interface Operation {
  readonly id: OperationId;
  readonly method: Method;
  readonly path: string;
  readonly tag: string;
  readonly secured: boolean;
  readonly requiredRole: RequiredRole;
  /** The alternatives as the contract spells them. */
  readonly requiredRoles: readonly string[];
  readonly rateLimit: RateLimit | undefined;
  readonly deprecation: Deprecation | undefined;
  readonly hasBody: boolean;
  readonly queryParameters: ReadonlySet<string>;
  /** Those that a mechanism of ours follows: If-Match, If-None-Match, Idempotency-Key, Device-Id. */
  readonly headerParameters: ReadonlySet<string>;
  readonly responses: Readonly<Record<string, OperationResponse>>;
}

type OperationObject = OpenAPIV3.OperationObject &
  DeprecatedOperation & { readonly 'x-required-role'?: unknown; readonly 'x-rate-limit'?: unknown };

const methods = { get: 'GET', post: 'POST', put: 'PUT', patch: 'PATCH', delete: 'DELETE' } as const;

/**
 * @throws {TypeError} naming the operation whose `x-required-role` is missing, unknown or against its `security`, or whose
 * `x-rate-limit` or deprecation is malformed or against the rest of it
 */
export function readOperations(document: ContractDocument): Operation[] {
  return Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(methods).flatMap(([key, method]) => {
      const operation = item[key as keyof typeof methods] as OperationObject | undefined;
      if (!operation) return [];
      const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])];
      return [
        {
          ...{ method, path, tag: operation.tags?.[0] ?? '' },
          ...rules(document, path, operation),
          ...shape(document, operation, parameters),
        },
      ];
    }),
  );
}

function rules(document: ContractDocument, path: string, operation: OperationObject) {
  const id = operation.operationId as OperationId;
  const role = operation['x-required-role'];
  const secured = (operation.security ?? document.security ?? []).length > 0;
  try {
    const requiredRole = parseRequiredRole(role);
    if (secured === (requiredRole === 'public')) throw new TypeError('x-required-role and security disagree');
    const requiredRoles = Array.isArray(role) ? (role as string[]) : [];
    const rateLimit = rateLimitOf(operation, secured);
    return { id, secured, requiredRole, requiredRoles, rateLimit, deprecation: parseDeprecation(operation) };
  } catch (error) {
    throw new TypeError(`${path} ${id}: ${(error as Error).message}`, { cause: error });
  }
}

function rateLimitOf(operation: OperationObject, secured: boolean): RateLimit | undefined {
  const isDeclared = '429' in (operation.responses ?? {});
  const isLimited = 'x-rate-limit' in operation;
  if (isDeclared !== isLimited) throw new TypeError('x-rate-limit and 429 go together');
  if (!isLimited) return undefined;
  const rateLimit = parseRateLimit(operation['x-rate-limit']);
  if (!secured && rateLimit.limits.some(({ per }) => per === 'caller'))
    throw new TypeError('x-rate-limit needs a caller, but nobody signs in here');
  if (!operation.requestBody && bodyFieldsOf(rateLimit).length > 0)
    throw new TypeError('x-rate-limit needs a body, but there is none');
  return rateLimit;
}

function shape(
  document: ContractDocument,
  operation: OperationObject,
  parameters: readonly (OpenAPIV3.ParameterObject | OpenAPIV3.ReferenceObject)[],
) {
  const named = (place: string) =>
    new Set(
      parameters
        .map((parameter) => resolve<OpenAPIV3.ParameterObject>(document, parameter))
        .filter((parameter) => parameter.in === place)
        .map(({ name }) => name),
    );
  const responses = Object.entries(operation.responses ?? {}).map(([status, response]) => {
    const { content = {}, headers = {} } = resolve<OpenAPIV3.ResponseObject>(document, response);
    const facts: OperationResponse = {
      mediaType: Object.keys(content)[0],
      hasEntityTag: 'ETag' in headers,
      constantHeaders: constantHeaders(document, headers),
    };
    return [status, facts];
  });
  return {
    hasBody: operation.requestBody !== undefined,
    queryParameters: named('query'),
    headerParameters: named('header'),
    responses: Object.fromEntries(responses) as Operation['responses'],
  };
}

function constantHeaders(
  document: ContractDocument,
  headers: NonNullable<OpenAPIV3.ResponseObject['headers']>,
) {
  const constants = Object.entries(headers).flatMap(([name, header]) => {
    const { schema } = resolve<OpenAPIV3.HeaderObject>(document, header);
    return schema && 'const' in schema ? [[name, String(schema.const)]] : [];
  });
  return Object.fromEntries(constants) as Record<string, string>;
}
