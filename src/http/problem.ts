import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import type { Logger } from 'pino';
import { isUnavailable } from '../core/database-errors.ts';
import { Problem, unavailable, type ProblemDocument } from '../core/errors.ts';
import { reasonOf } from '../core/logger.ts';
import { factsOf } from './log-facts.ts';
import { sendText } from './send-text.ts';
import { settleLimits } from './throttle.ts';

/** Every error leaves as an RFC 9457 problem; what is not ours to tell stays in the log. */
export function sendProblem(logger: Logger): ErrorRequestHandler {
  // Express knows an error handler by its four parameters.
  return async (error: unknown, request, response, _next) => {
    const problem = toProblem(error);
    request.problem = problem;
    if (problem.status === 503)
      logger.warn({ ...factsOf(request), error: reasonOf(problem.cause) }, problem.message);
    else if (problem.status >= 500)
      logger.error({ ...factsOf(request), err: problem.cause ?? error }, problem.message);
    if (response.headersSent) {
      request.destroy();
      return;
    }
    await settleLimits(request, response, problem.status);
    response.status(problem.status).set(problem.headers).set('Cache-Control', 'no-store');
    const text = problemJson(problem, request.path, request.id);
    sendText(response, 'application/problem+json; charset=utf-8', text);
  };
}

export function problemJson(problem: Problem, instance: string, requestId: string): string {
  const document: ProblemDocument = {
    type: `/docs#section/errors/${problem.code.toLowerCase()}`,
    title: STATUS_CODES[problem.status] ?? 'Error',
    status: problem.status,
    detail: problem.message,
    code: problem.code,
    instance,
    request_id: requestId,
    ...problem.members,
  };
  return JSON.stringify(document);
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) return unavailable(error);
  return new Problem(
    500,
    'INTERNAL_ERROR',
    'Something went wrong here. Please try again, and report the request id if it stays.',
    {
      cause: error,
    },
  );
}
