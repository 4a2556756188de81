import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { newPassingId } from '../core/ids.ts';
import { parseTraceparent } from '../core/trace-context.ts';
import { factsOf } from './log-facts.ts';
import { statusOf } from './outcome.ts';
import { shownPath } from './shown-path.ts';

const visibleAscii = /^[\x21-\x7e]{1,128}$/;

/**
 * Gives each request an id, the client's own `X-Request-Id` where it sends one, and logs a line when it is answered. Queries
 * may name people and headers hold tokens; addresses and browsers tell where somebody is: none of them is logged.
 */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const { socket } = request;
    const start = performance.now();
    const sentBefore = socket.bytesWritten;
    request.id = requestIdOf(request);
    request.trace = parseTraceparent(request.headers['traceparent']);
    response.setHeader('X-Request-Id', request.id);

    response.once('close', () => {
      const status = statusOf(response);
      const { problem } = request;
      logger[status !== undefined && status >= 500 ? 'warn' : 'info'](
        {
          httpRequest: {
            requestMethod: request.method,
            requestUrl: shownPath(request.path),
            status,
            latency: `${((performance.now() - start) / 1000).toFixed(6)}s`,
            requestSize: request.headers['content-length'],
            responseSize: String(socket.bytesWritten - sentBefore),
          },
          ...factsOf(request),
          code: problem?.code,
          rule: problem?.rule,
        },
        response.writableFinished ? 'answered' : 'cut off',
      );
    });
    next();
  };
}

export function requestIdOf({ headers }: Request): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && visibleAscii.test(given) ? given : newPassingId();
}
