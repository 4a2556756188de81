import type { Express, RequestHandler } from 'express';
import { assemble, type AppSettings } from '../../src/app.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createMetrics } from '../../src/core/metrics.ts';
import { service } from '../../src/handlers/service.ts';
import { refusal } from '../../src/http/authenticate.ts';
import { contract } from '../../src/http/contract.ts';
import type { Handler, Handlers } from '../../src/http/handler.ts';
import { reply } from '../../src/http/operation-request.ts';
import { readOperations, type OperationId } from '../../src/http/operations.ts';
import { parseBody } from '../../src/http/parse-body.ts';
import { send } from '../../src/http/send.ts';
import { answerWith } from './answer.ts';
import { exampleAnswers, usual, type AnswersOf } from './examples.ts';
import { answerAsPreferred } from './preference.ts';

/** The contract and its pages are what they are: an example of them would help nobody. */
const { getOpenapiJson, getOpenapiYaml, getDocs, getRolesPage } = service;
const documents: Partial<Handlers> = { getOpenapiJson, getOpenapiYaml, getDocs, getRolesPage };

/** The service without anything behind it: what it takes and refuses is the contract's, and so is what it answers. */
export function createMock(settings: AppSettings): Promise<Express> {
  const operations = readOperations(contract);
  const answers = new Map(operations.map((operation) => [operation, exampleAnswers(contract, operation)]));
  const answersOf: AnswersOf = (operation) => answers.get(operation) ?? new Map();
  const watching = { logger: createLogger('silent'), metrics: createMetrics() };
  return assemble(
    { document: contract, operations, settings, watching },
    {
      admit: [answerAsPreferred(answersOf), takeAnyToken, parseBody],
      answer: async (request, response, next) => {
        const document = documents[request.operation.id] as Handler<OperationId> | undefined;
        if (document) send(request, response, await document(undefined as never, reply));
        else answerWith(usual(answersOf(request.operation)), { request, response, next });
      },
    },
  );
}

/** Nobody is known here, but a client that forgets its token should learn of it. */
const takeAnyToken: RequestHandler = (request, _response, next) => {
  const { authorization } = request.headers;
  const hasToken = /^Bearer +\S/i.test(authorization ?? '');
  next(request.operation.secured && !hasToken ? refusal(authorization) : undefined);
};
