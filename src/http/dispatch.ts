import { isIP } from 'node:net';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../core/context.ts';
import type { ClientInfo } from '../services/auth/start-session.ts';
import type { Operation } from './operations.ts';
import type { Answer, Handler, Handlers, OperationRequest, Reply } from './handler.ts';
import type { OperationId } from './operations.ts';

/** Calls the operation's handler and sends its answer as the contract has it. */
export function dispatch(handlers: Handlers, context: Context): RequestHandler {
  return async (request, response) => {
    const handler = handlers[request.operation.id] as Handler<OperationId>;
    send(response, request.operation, await handler(operationRequest(request, context), reply));
  };
}

const reply = ((status: number, body?: unknown, headers: Record<string, string | number> = {}) => ({
  status,
  body,
  headers,
})) as unknown as Reply<OperationId>;

function operationRequest(request: Request, context: Context): OperationRequest<OperationId> {
  return {
    context,
    client: clientInfo(request),
    path: request.pathParameters,
    query: request.query,
    body: request.body as unknown,
    caller: request.caller,
  } as unknown as OperationRequest<OperationId>;
}

function clientInfo(request: Request): ClientInfo {
  // A proxy may name the client in any words, and Node writes IPv4 as a part of IPv6.
  const ip = request.ip?.replace(/^::ffff:(?=\d+\.)/, '').replace(/%.*$/, '') ?? '';
  const userAgent = request.get('user-agent');
  return { ip: isIP(ip) ? ip : null, user_agent: userAgent?.slice(0, 500) ?? null };
}

function send(
  response: Response,
  operation: Operation,
  { status, body, headers }: Answer<OperationId>,
): void {
  const declared = operation.responses[status];
  if (!declared) throw new TypeError(`${operation.id} does not declare ${status}`);
  response
    .status(status)
    .set({ 'Cache-Control': 'private, no-cache', ...declared.constantHeaders, ...headers });
  if (declared.mediaType === undefined) response.end();
  else if (declared.mediaType === 'application/json') response.json(body);
  else response.type(declared.mediaType).send(body);
}
