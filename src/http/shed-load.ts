import { randomInt } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Context } from '../core/context.ts';
import { queriesWaiting } from '../core/database.ts';
import { unavailable } from '../core/errors.ts';
import { checkHttp } from './check-http.ts';
import { requestIdOf } from './log-requests.ts';
import type { Operation } from './operations.ts';
import { overloadDetector } from './overload.ts';
import { problemJson } from './problem.ts';
import { dataSecurityHeaders } from './security-headers.ts';

const refusal = unavailable(undefined);

/** In seconds: not all come again at once. */
const retryAfter = { from: 1, below: 4 };

/**
 * While more comes than the database or this process can do, sends newcomers away before any work is spent on them, so that
 * those who are let in are served about as quickly as ever. What needs no database, and readiness, are answered all the same.
 */
export function shedLoad(
  { database, metrics, logger }: Pick<Context, 'database' | 'metrics' | 'logger'>,
  operations: readonly Operation[],
  crossOrigin: RequestHandler,
  burst?: number,
): RequestHandler {
  const neverRefused = new Set(
    operations.filter((operation) => !isRefusable(operation)).map(({ path }) => path),
  );
  const isOverloaded = overloadDetector(
    () => queriesWaiting(database),
    () => performance.now(),
    burst,
  );
  let shed = 0;
  let toldAt = -Infinity;

  /** A line for each would be more work than they may cause. */
  function tell(): void {
    shed += 1;
    metrics.shedRequests.inc();
    const now = performance.now();
    if (now - toldAt < 1_000) return;
    logger.warn({ shed }, 'more comes than can be done');
    shed = 0;
    toldAt = now;
  }

  function refuse(request: Request, response: Response): void {
    const id = requestIdOf(request);
    response
      .writeHead(503, {
        ...dataSecurityHeaders,
        'Retry-After': randomInt(retryAfter.from, retryAfter.below),
        'X-Request-Id': id,
        'Cache-Control': 'no-store',
        'Content-Type': 'application/problem+json; charset=utf-8',
      })
      .end(problemJson(refusal, request.path, id));
  }

  return (request, response, next) => {
    if (request.method === 'OPTIONS' || neverRefused.has(request.path) || !isOverloaded()) {
      next();
      return;
    }
    checkHttp(request, response, (broken) => {
      // What is no HTTP is refused further on, and its connection ended.
      if (broken) {
        next();
        return;
      }
      tell();
      crossOrigin(request, response, () => {
        refuse(request, response);
      });
    });
  };
}

function isRefusable({ responses }: Operation): boolean {
  return responses[503]?.mediaType === 'application/problem+json';
}
