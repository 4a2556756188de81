import { parse } from 'node:url';
import type { Application, NextFunction, Request, RequestHandler, Response } from 'express';
import { middleware } from 'express-openapi-validator';
import traverse from 'json-schema-traverse';
import { isEmail } from '../core/credentials.ts';
import { invalid } from '../core/errors.ts';
import { uuidForm } from '../core/ids.ts';
import type { ContractDocument } from './contract.ts';
import type { Operation } from './operations.ts';
import {
  fieldErrors,
  misencodedQuery,
  mostErrors,
  unknownQueryParameters,
  unstorableValues,
} from './input-errors.ts';
import { validatedContract } from './validated-contract.ts';

type ValidatorStep = ReturnType<typeof middleware>[number];
type ValidatorRequest = Parameters<ValidatorStep>[0];
type Metadata = NonNullable<ValidatorRequest['openapi']>;

/** The validator's steps that are used; matching, security and uploads are not its business here. */
const stepNames = [
  'pathParamsMiddleware',
  'metadataMiddleware',
  'requestMiddleware',
  'responseMiddleware',
] as const;
type Steps = Record<(typeof stepNames)[number], ValidatorStep>;

// The validator hands the whole contract along with each schema that it compiles, and has it searched for the `$id`s and `$anchor`s
// that it does not have.
const { skipKeywords } = traverse as unknown as { skipKeywords: Record<string, boolean> };
Object.assign(skipKeywords, { paths: true, components: true });

stopLookingForCallers();

/** Checks each request against the contract, and whatever a handler answers by `response.json` too. */
export async function validate(
  contract: ContractDocument,
  operations: readonly Operation[],
  app: Application,
): Promise<RequestHandler> {
  const steps = createSteps(contract);
  const metadata = await readMetadata(steps, operations, app);
  await compileAll(steps, metadata);

  return async (request, response, next) => {
    Object.assign(request, {
      openapi: { ...metadata.get(request.operation), pathParams: request.pathParameters },
    });
    // The validator rewrites names with brackets, so the query is looked at first.
    const inQuery = [...unknownQueryParameters(request), ...misencodedQuery(request)];
    const errors = [
      ...fieldErrors(await outcome(steps.requestMiddleware, request, response)),
      ...inQuery,
    ].slice(0, mostErrors);
    // Only what the contract has shaped is small enough to be searched.
    if (errors.length === 0) errors.push(...unstorableValues(request));
    if (errors.length > 0) throw invalid(errors);
    void steps.responseMiddleware(request, response, next);
  };
}

/**
 * The validator has Node's old `url.parse` read each request. Until that has warned once that it is old, which it does for no
 * package, Node 24 looks through the stack each time for who calls it, which takes some 6 µs.
 */
function stopLookingForCallers(): void {
  const { noDeprecation = false } = process;
  process.noDeprecation = true;
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- That is what it is called for.
  parse('/');
  process.noDeprecation = noDeprecation;
}

function createSteps(contract: ContractDocument): Steps {
  const steps = middleware({
    apiSpec: validatedContract(contract),
    validateSecurity: false,
    fileUploader: false,
    // Unknown query parameters are told of together with all other problems.
    validateRequests: { allErrors: true, allowUnknownQueryParameters: true },
    validateResponses: { allErrors: true },
    formats: {
      // The library's own rule takes dots anywhere, which other readers of the contract refuse.
      email: { type: 'string', validate: isEmail },
      uuid: { type: 'string', validate: uuidForm },
    },
    serDes: [
      // PostgreSQL sends ids in lower case; sent to it in capitals, they would still be the same.
      { format: 'uuid', deserialize: (id) => id.toLowerCase() },
      // Times are texts in here as well: the library would look at each of an answer, to make one of it.
      { format: 'date-time' },
    ],
  });
  const entries = stepNames.map((name) => {
    const step = steps.find((each) => each.name === name);
    if (!step) throw new TypeError(`express-openapi-validator has no ${name} any more`);
    return [name, step];
  });
  return Object.fromEntries(entries) as Steps;
}

/** Asks the validator once, at boot, what it would find out about a request for each operation. */
async function readMetadata(
  steps: Steps,
  operations: readonly Operation[],
  app: Application,
): Promise<Map<Operation, Metadata>> {
  const metadata = new Map<Operation, Metadata>();
  for (const operation of operations) {
    const path = operation.path.replaceAll(/\{\w+\}/g, '-');
    const request = {
      app,
      method: operation.method,
      path,
      baseUrl: '',
      originalUrl: path,
    } as ValidatorRequest;
    const error =
      (await outcome(steps.pathParamsMiddleware, request)) ??
      (await outcome(steps.metadataMiddleware, request));
    if (error) throw error;
    if (request.openapi?.openApiRoute !== operation.path)
      throw new TypeError(`${operation.path} is hidden by another`);
    metadata.set(operation, request.openapi);
  }
  return metadata;
}

/** The validator compiles what an operation takes and answers when it is first asked about it: that is now, not while somebody waits. */
async function compileAll(steps: Steps, metadata: ReadonlyMap<Operation, Metadata>): Promise<void> {
  for (const [{ method, hasBody, responses }, openapi] of metadata) {
    const headers = hasBody ? { 'content-type': 'application/json' } : {};
    const request = { method, headers, query: {}, openapi: { ...openapi, pathParams: {} } };
    const statusCode = Object.keys(responses)
      .map(Number)
      .find((status) => status < 300);
    const response = { statusCode, getHeaders: () => ({}), json: () => undefined };
    // Such a request is wrong, and such an answer too; only that they have been looked at matters.
    await outcome(steps.requestMiddleware, request as unknown as Request);
    await outcome(steps.responseMiddleware, request as unknown as Request, response as unknown as Response);
    response.json();
  }
}

/** What a step passes on: an error or nothing. */
function outcome(
  step: ValidatorStep,
  request: Request,
  response = {} as Response,
): Promise<Error | undefined> {
  return new Promise((resolve) => {
    void step(request, response, resolve as NextFunction);
  });
}
