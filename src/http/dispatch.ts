import type { RequestHandler } from 'express';
import type { Context } from '../core/context.ts';
import type { FindCaller } from './authorize.ts';
import type { Handler, Handlers } from './handler.ts';
import { oncePerKey } from './idempotency.ts';
import { operationRequest, originOf, reply } from './operation-request.ts';
import type { Operation, OperationId } from './operations.ts';
import { precondition } from './preconditions.ts';
import { send } from './send.ts';
import { settleLimits } from './throttle.ts';

/** Calls the operation's handler, once for each idempotency key and under the request's precondition, and sends its answer. */
export function dispatch(
  operations: readonly Operation[],
  handlers: Handlers,
  shared: Context,
  findCaller: FindCaller,
): RequestHandler {
  const ifMatching = precondition(operations, handlers, findCaller);

  return async (request, response) => {
    const handler = handlers[request.operation.id] as Handler<OperationId>;
    const context = { ...shared, origin: originOf(request) };
    const answer = await oncePerKey(request, context, (context) =>
      ifMatching(request, context, async (context) => handler(operationRequest(request, context), reply)),
    );
    await settleLimits(request, response, answer.status);
    send(request, response, answer);
  };
}
