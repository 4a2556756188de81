import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Request, RequestHandler } from 'express';
import type { Logger } from 'pino';
import { pinoHttp } from 'pino-http';
import { newId } from '../core/ids.ts';

const visibleAscii = /^[\x21-\x7e]{1,128}$/;
const traceparent = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Gives each request an id, the client's own `X-Request-Id` where it sends one, and logs a line when it is answered. */
export function logRequests(logger: Logger): RequestHandler {
  return pinoHttp({
    logger,
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'request_id', responseTime: 'duration_ms' },
    genReqId: (request: IncomingMessage, response: ServerResponse) => {
      const given = request.headers['x-request-id'];
      const id = typeof given === 'string' && visibleAscii.test(given) ? given : newId();
      response.setHeader('X-Request-Id', id);
      return id;
    },
    // Queries may name people, headers hold tokens: neither is logged.
    serializers: { req: () => undefined, res: () => undefined, err: () => undefined },
    customSuccessObject: (request, response, values: object) => ({ ...values, ...facts(request, response) }),
    customErrorObject: (request, response, _error, values: object) => ({
      ...values,
      ...facts(request, response),
    }),
    customSuccessMessage: (_request, response) => outcome(response),
    customErrorMessage: (_request, response) => outcome(response),
    customLogLevel: (_request, response) => (response.statusCode >= 500 ? 'warn' : 'info'),
  }) as RequestHandler;
}

/** The connection may end before the answer is out, whoever ends it. */
function outcome(response: ServerResponse): string {
  return response.writableFinished ? 'answered' : 'cut off';
}

function facts(request: IncomingMessage, response: ServerResponse) {
  const { operation, caller, method, path, headers } = request as Partial<Request> & IncomingMessage;
  const trace = headers['traceparent'];
  return {
    method,
    path,
    status: response.statusCode,
    operation: operation?.id,
    user_id: caller?.user.id,
    traceparent: typeof trace === 'string' && traceparent.test(trace) ? trace : undefined,
  };
}
