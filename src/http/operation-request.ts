import type { Request } from 'express';
import type { Context, Origin } from '../core/context.ts';
import { addressOf } from './client-address.ts';
import type { OperationRequest, Reply } from './handler.ts';
import type { OperationId } from './operations.ts';

/** A request as its handler sees it. */
export function operationRequest(request: Request, context: Context): OperationRequest<OperationId> {
  return {
    context,
    path: request.pathParameters,
    query: request.query,
    body: request.body as unknown,
    caller: request.caller,
    link: (next: string | undefined) =>
      next === undefined ? {} : { Link: `<${pageAfter(request, next)}>; rel="next"` },
  } as unknown as OperationRequest<OperationId>;
}

export const reply = ((status: number, body?: unknown, headers: Record<string, string | number> = {}) => ({
  status,
  body,
  headers,
})) as unknown as Reply<OperationId>;

export function originOf(request: Request): Origin {
  return {
    actor_id: (request.caller as typeof request.caller | undefined)?.user.id ?? null,
    ip: addressOf(request),
    user_agent: request.get('user-agent')?.slice(0, 500) ?? null,
    device_id: deviceIdOf(request),
    request_id: request.id,
  };
}

function deviceIdOf(request: Request): string | null {
  return request.operation.headerParameters.has('Device-Id') ? (request.get('Device-Id') ?? null) : null;
}

/** The same list with the same filters, from another place on (RFC 8288 allows a path). */
function pageAfter(request: Request, cursor: string): string {
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('cursor', cursor);
  return `${request.path}?${query.toString()}`;
}
