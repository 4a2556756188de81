import findMyWay from 'find-my-way';
import type { RequestHandler } from 'express';
import { notFound, Problem } from '../core/errors.ts';
import type { Method, Operation } from './operations.ts';

/** Finds the operation that a request asks for: `request.operation` and `request.pathParameters`. */
export function matchOperation(operations: readonly Operation[]): RequestHandler {
  const router = findMyWay({ maxParamLength: 16_384 });
  for (const operation of operations) {
    router.on(operation.method, operation.path.replaceAll(/\{(\w+)\}/g, ':$1'), () => undefined, operation);
  }
  const methods = [...new Set(operations.map(({ method }) => method))];
  const find = (method: Method, path: string) => {
    const match = router.find(method, path);
    // The router takes nothing for a parameter too, where a path ends with a slash.
    return match && Object.values(match.params).includes('') ? null : match;
  };

  return (request, _response, next) => {
    const path = request.url.split('?', 1)[0] ?? '/';
    const method = request.method === 'HEAD' ? 'GET' : request.method;
    const match = find(method as Method, path);
    if (!match) {
      const allowed = methods.filter((other) => find(other, path));
      next(
        allowed.length > 0
          ? methodNotAllowed(request.method, allowed)
          : notFound('There is nothing at this path.'),
      );
      return;
    }
    request.operation = match.store as Operation;
    request.pathParameters = match.params as Record<string, string>;
    next();
  };
}

function methodNotAllowed(method: string, allowed: readonly string[]): Problem {
  const all = allowed.includes('GET') ? [...allowed, 'HEAD'] : allowed;
  const list = [...all, 'OPTIONS'].join(', ');
  return new Problem(405, 'METHOD_NOT_ALLOWED', `${method} is not possible here; possible are ${list}.`, {
    headers: { Allow: list },
  });
}
