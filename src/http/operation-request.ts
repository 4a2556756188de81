import { isIP } from 'node:net';
import type { Request } from 'express';
import type { Context, Origin } from '../core/context.ts';
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
  // A proxy may name the client in any words, and Node writes IPv4 as a part of IPv6.
  const ip = request.ip?.replace(/^::ffff:(?=\d+\.)/, '').split('%', 1)[0] ?? '';
  return {
    actor_id: (request.caller as typeof request.caller | undefined)?.user.id ?? null,
    ip: isIP(ip) ? ip : null,
    user_agent: request.get('user-agent')?.slice(0, 500) ?? null,
    request_id: request.id as string,
  };
}

/** The same list with the same filters, from another place on (RFC 8288 allows a path). */
function pageAfter(request: Request, cursor: string): string {
  const query = new URLSearchParams(request.query as Record<string, string>);
  query.set('cursor', cursor);
  return `${request.path}?${query.toString()}`;
}
