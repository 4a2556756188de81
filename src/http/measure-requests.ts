import type { Request, RequestHandler } from 'express';
import { failureCode, isUnavailable } from '../core/database-errors.ts';
import type { Problem } from '../core/errors.ts';
import type { Metrics } from '../core/metrics.ts';
import type { Operation } from './operations.ts';
import { statusOf } from './outcome.ts';

/** Counts and times each request. */
export function measureRequests(metrics: Metrics): RequestHandler {
  return (request, response, next) => {
    const start = performance.now();
    metrics.requestsInFlight.inc();
    response.once('close', () => {
      metrics.requestsInFlight.dec();
      const operation = operationOf(request);
      const status = statusOf(response) ?? 'none';
      metrics.requests.observe({ operation, status }, (performance.now() - start) / 1000);
      if (request.problem) count(metrics, operation, request.problem);
    });
    next();
  };
}

/** Whatever else a request asks for is one thing. */
function operationOf(request: Request): string {
  return (request.operation as Operation | undefined)?.id ?? 'none';
}

function count(metrics: Metrics, operation: string, { status, code, rule = code, cause }: Problem): void {
  if (status === 401 || status === 403 || status === 429) metrics.refusals.inc({ operation, status, rule });
  const databaseError = databaseErrorOf(cause);
  if (databaseError !== undefined) metrics.databaseErrors.inc({ code: databaseError });
}

const sqlState = /^[0-9A-Z]{5}$/;

/** Undefined for what neither the database nor the way to it is to blame for. */
function databaseErrorOf(cause: unknown): string | undefined {
  const code = failureCode(cause);
  if (isUnavailable(cause)) return code ?? (cause as Error).name;
  return code !== undefined && sqlState.test(code) ? code : undefined;
}
