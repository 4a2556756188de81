import type { NextFunction, Request, Response } from 'express';
import { Problem, type ProblemDocument } from '../../src/core/errors.ts';
import type { Answer } from '../../src/http/handler.ts';
import type { OperationId } from '../../src/http/operations.ts';
import { send } from '../../src/http/send.ts';
import type { ExampleAnswer } from './examples.ts';

export interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}

/** Sends an example in place of an answer: the one of that name, or the first. */
export function answerWith(
  { status, mediaType, bodies, headers }: ExampleAnswer,
  { request, response, next }: Exchange,
  name = [...bodies.keys()][0] ?? '',
): void {
  const body = bodies.get(name);
  // The id of the request and the page that may read it are no examples by now.
  const lacking = Object.fromEntries(Object.entries(headers).filter(([name]) => !response.hasHeader(name)));
  // The contract shows it for one operation, and a client may follow it.
  if ('Location' in lacking) lacking['Location'] = `${request.path}/${(body as { id: string }).id}`;
  if (mediaType === 'application/problem+json') next(problemOf(body as ProblemDocument, lacking));
  else send(request, response, { status, body, headers: lacking } as Answer<OperationId>);
}

/** What every problem has comes from its code and the request. */
const usualMembers = ['type', 'title', 'status', 'detail', 'code', 'instance', 'request_id'];

function problemOf(example: ProblemDocument, headers: Problem['headers']): Problem {
  const members = Object.entries(example).filter(([name]) => !usualMembers.includes(name));
  return new Problem(example.status, example.code, example.detail, {
    members: Object.fromEntries(members),
    headers,
  });
}
