import type { Express, NextFunction, Request, RequestHandler, Response } from 'express';
import { assemble, type AppSettings } from '../../src/app.ts';
import { invalid, Problem, type ProblemDocument } from '../../src/core/errors.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createMetrics } from '../../src/core/metrics.ts';
import { service } from '../../src/handlers/service.ts';
import { refusal } from '../../src/http/authenticate.ts';
import { contract } from '../../src/http/contract.ts';
import type { Answer, Handler, Handlers } from '../../src/http/handler.ts';
import { reply } from '../../src/http/operation-request.ts';
import { readOperations, type Operation, type OperationId } from '../../src/http/operations.ts';
import { parseBody } from '../../src/http/parse-body.ts';
import { send } from '../../src/http/send.ts';
import { exampleAnswers, type ExampleAnswer } from './examples.ts';
import { readPreference } from './preference.ts';

/** The contract and its pages are what they are: an example of them would help nobody. */
const { getOpenapiJson, getOpenapiYaml, getDocs, getRolesPage } = service;
const documents: Partial<Handlers> = { getOpenapiJson, getOpenapiYaml, getDocs, getRolesPage };

type Answers = ReadonlyMap<number, ExampleAnswer>;

/** The service without anything behind it: what it takes and refuses is the contract's, and so is what it answers. */
export function createMock(settings: AppSettings): Promise<Express> {
  const operations = readOperations(contract);
  const answers = new Map(operations.map((operation) => [operation, exampleAnswers(contract, operation)]));
  const answersOf = (operation: Operation) => answers.get(operation) ?? new Map<number, ExampleAnswer>();
  const watching = { logger: createLogger('silent'), metrics: createMetrics() };
  return assemble({ document: contract, operations, settings, watching }, [
    [answerAsPreferred(answersOf), takeAnyToken, parseBody],
    async (request, response, next) => {
      const document = documents[request.operation.id] as Handler<OperationId> | undefined;
      if (document) send(request, response, await document(undefined as never, reply));
      else answerWith(usual(answersOf(request.operation)), undefined, { request, response, next });
    },
  ]);
}

/** Nobody is known here, but a client that forgets its token should learn of it. */
const takeAnyToken: RequestHandler = (request, _response, next) => {
  const { authorization } = request.headers;
  const isSigned = /^Bearer +\S/i.test(authorization ?? '');
  next(request.operation.secured && !isSigned ? refusal(authorization) : undefined);
};

/** Whoever asks for a certain answer gets it, whatever else they send. */
function answerAsPreferred(answersOf: (operation: Operation) => Answers): RequestHandler {
  return (request, response, next) => {
    const { status, example } = readPreference(request.get('Prefer'));
    if (status === undefined && example === undefined) {
      next();
      return;
    }
    const answers = answersOf(request.operation);
    const answer = status === undefined ? usual(answers) : answers.get(status);
    if (!answer) throw notThere(`has no answer ${status}, but ${[...answers.keys()].join(', ')}`);
    if (example !== undefined && !answer.bodies.has(example))
      throw notThere(
        `has no example ${example}, but ${[...answer.bodies.keys()].filter(Boolean).join(', ') || 'one without a name'}`,
      );
    if (answer.status !== 304) answerWith(answer, example, { request, response, next });
    else {
      request.headers['if-none-match'] = '*';
      answerWith(usual(answers), undefined, { request, response, next });
    }
  };
}

function notThere(message: string): Problem {
  return invalid([{ in: 'header', path: 'Prefer', message }]);
}

/** What a request that goes well gets; where it may find its work done already, what it gets for doing it. */
function usual(answers: Answers): ExampleAnswer {
  const best = [...answers.values()].filter(({ status }) => status < 300).at(-1);
  if (!best) throw new TypeError('the operation declares no success');
  return best;
}

interface Exchange {
  readonly request: Request;
  readonly response: Response;
  readonly next: NextFunction;
}

function answerWith(
  { status, mediaType, bodies, headers }: ExampleAnswer,
  example: string | undefined,
  { request, response, next }: Exchange,
): void {
  const body = example === undefined ? [...bodies.values()][0] : bodies.get(example);
  // The id of the request and the page that may read it are no examples by now.
  const lacking = Object.fromEntries(Object.entries(headers).filter(([name]) => !response.hasHeader(name)));
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
