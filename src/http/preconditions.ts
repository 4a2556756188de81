import type { Request } from 'express';
import type { Context } from '../core/context.ts';
import { nativeCode } from '../core/database-errors.ts';
import { Problem } from '../core/errors.ts';
import type { FindCaller } from './authorize.ts';
import { entityTag, namesTag } from './etag.ts';
import type { Answer, Handler, Handlers } from './handler.ts';
import { operationRequest, reply } from './operation-request.ts';
import type { Operation, OperationId } from './operations.ts';

type Work = (context: Context) => Promise<Answer<OperationId>>;
export type Precondition = (request: Request, context: Context, work: Work) => Promise<Answer<OperationId>>;

const serializationFailure = '40001';
const mostTries = 5;

/**
 * Where the contract declares `If-Match` (RFC 9110, section 13.1.1), lets a change through only as long as the caller still
 * sees what they saw. Look and change share one snapshot: a change by somebody else in between makes the database refuse,
 * and the look is taken again.
 */
export function precondition(
  operations: readonly Operation[],
  handlers: Handlers,
  findCaller: FindCaller,
): Precondition {
  const guarded = operations.filter(({ headerParameters }) => headerParameters.has('If-Match'));
  const resources = new Map(guarded.map((operation) => [operation, resourceOf(operation, operations)]));

  return async (request, context, work) => {
    const resource = resources.get(request.operation);
    const expected = request.get('If-Match');
    if (!resource || expected === undefined) return work(context);

    for (let tries = 1; ; tries += 1) {
      try {
        return await inSnapshot(context, async (context) => {
          Object.assign(request, { caller: await findCaller(request, context.database) });
          const look = handlers[resource.id] as Handler<OperationId>;
          const { body } = await look(operationRequest(request, context), reply);
          if (!namesTag(expected, entityTag(body))) throw stale();
          return work(context);
        });
      } catch (error) {
        if (nativeCode(error) !== serializationFailure || tries === mostTries) throw error;
      }
    }
  };
}

function inSnapshot(context: Context, work: Work): Promise<Answer<OperationId>> {
  return context.database.transaction((database) => work({ ...context, database }), {
    isolationLevel: 'repeatable read',
  });
}

/** The resource that an operation changes is what the nearest GET at its path, or above it, shows. */
function resourceOf({ id, path }: Operation, operations: readonly Operation[]): Operation {
  for (let at = path; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    const get = operations.find((operation) => operation.method === 'GET' && operation.path === at);
    if (get) return get;
  }
  throw new TypeError(`${id} declares If-Match, but nothing shows what it changes`);
}

function stale(): Problem {
  return new Problem(
    412,
    'PRECONDITION_FAILED',
    'This has changed since you loaded it. Please load it again and repeat your change.',
  );
}
