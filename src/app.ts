import './http/express.ts';
import { parse } from 'node:querystring';
import express, { type Express, type RequestHandler } from 'express';
import type { Context, Watching } from './core/context.ts';
import { handlers } from './handlers/handlers.ts';
import { allowOrigins } from './http/allow-origins.ts';
import { announceDeprecation } from './http/announce-deprecation.ts';
import { authenticate } from './http/authenticate.ts';
import { authorize, callerFinder } from './http/authorize.ts';
import { checkHttp } from './http/check-http.ts';
import { contract, docsHtml, rolesHtml, type ContractDocument } from './http/contract.ts';
import { dispatch } from './http/dispatch.ts';
import { inOrder } from './http/in-order.ts';
import { logRequests } from './http/log-requests.ts';
import { matchOperation } from './http/match.ts';
import { measureRequests } from './http/measure-requests.ts';
import { readOperations, type Operation } from './http/operations.ts';
import { parseBody, refuseBadBody } from './http/parse-body.ts';
import { sendProblem } from './http/problem.ts';
import { securityHeaders } from './http/security-headers.ts';
import { sendJson } from './http/send-text.ts';
import { shedLoad } from './http/shed-load.ts';
import { throttle } from './http/throttle.ts';
import { validate } from './http/validate.ts';

export interface AppSettings {
  readonly corsOrigins: readonly string[];
  /** How many proxies in front are believed when they name the client's address. */
  readonly trustedProxies: number;
  /** In milliseconds: for how long more may come than can be done before newcomers are sent away. */
  readonly longestBurst?: number | undefined;
  /** Only where requests are traced. */
  readonly traceRequests?: RequestHandler | undefined;
}

/** The whole service. */
export async function createApp(
  context: Context,
  settings: AppSettings,
  document = contract,
): Promise<Express> {
  const { database, clock, tokens } = context;
  const operations = readOperations(document);
  const findCaller = callerFinder(operations, clock);
  return assemble(
    { document, operations, settings, watching: context },
    {
      first: [shedLoad(context, operations, allowOrigins(settings.corsOrigins), settings.longestBurst)],
      admit: [authenticate(tokens, clock), parseBody, throttle(context), authorize(findCaller, database)],
      answer: dispatch(operations, handlers, context, findCaller),
    },
  );
}

interface Surroundings {
  readonly document: ContractDocument;
  readonly operations: readonly Operation[];
  readonly settings: AppSettings;
  readonly watching: Watching;
}

interface OwnSteps {
  readonly first?: readonly RequestHandler[];
  /** Those that let a caller in and read the body. */
  readonly admit: readonly RequestHandler[];
  readonly answer: RequestHandler;
}

/** A request passes these steps from top to bottom. */
export async function assemble(
  { document, operations, settings, watching: { logger, metrics } }: Surroundings,
  { first = [], admit, answer }: OwnSteps,
): Promise<Express> {
  const app = express();
  app.disable('x-powered-by').disable('etag').set('trust proxy', settings.trustedProxies);
  // It would stop reading after 1,000 of them, and pass over unknown ones and wrong ones that come later.
  app.set('query parser', (query: string) => parse(query, '&', '=', { maxKeys: 0 }));
  // Express would answer 304 to `If-None-Match: *` without any ETag.
  Object.defineProperty(app.request, 'fresh', { value: false });
  app.response.json = sendJson;

  const steps = inOrder([
    ...first,
    logRequests(logger),
    measureRequests(metrics),
    ...(settings.traceRequests ? [settings.traceRequests] : []),
    securityHeaders({ '/docs': docsHtml, '/docs/roles': rolesHtml }),
    allowOrigins(settings.corsOrigins),
    checkHttp,
    matchOperation(operations),
    announceDeprecation(operations),
    ...admit,
    refuseBadBody,
    await validate(document, operations, app),
    answer,
  ]);
  app.use(steps, sendProblem(logger));
  return app;
}
