import { readBody } from '../conformance/read-body.ts';
import { operations, operationAt, type Operation, type OperationId } from './contract.ts';
import { checkExchange } from './check-exchange.ts';
import { keepsConnections } from './scaled.ts';
import type { operations as Operations } from '../../src/generated/openapi.ts';

type Given<Part> = [NonNullable<Part>] extends [never] ? unknown : Part;
type Input<Name extends string, Part> = undefined extends Part
  ? Partial<Record<Name, Given<Part>>>
  : Record<Name, Part>;
type BodyOf<Id extends OperationId> = Operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : undefined;

/** What an operation takes, by the contract, and who sends it. */
export type Call<Id extends OperationId> = {
  as?: Signed;
  headers?: Record<string, string>;
} & Input<'path', Operations[Id]['parameters']['path']> &
  Input<'query', Operations[Id]['parameters']['query']> &
  Input<'body', BodyOf<Id>>;

type Responses<Id extends OperationId> = Operations[Id]['responses'];
export type Status<Id extends OperationId> = keyof Responses<Id> & number;
type ResponseBody<Response> = Response extends { content: infer Content }
  ? Content[keyof Content]
  : undefined;

/** Whoever has an access token. */
export interface Signed {
  readonly access_token: string;
}

export interface Answer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
}

/** A request as anyone could send it, contract or not. */
export interface RawRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly as?: Signed | undefined;
  readonly headers?: Record<string, string> | undefined;
  /** Sent as it is. */
  readonly body?: string | Uint8Array | undefined;
}

export interface Client {
  /** Calls an operation and expects this status. */
  call<Id extends OperationId, S extends Status<Id>>(
    id: Id,
    status: S,
    ...request: object extends Call<Id> ? [request?: Call<Id>] : [request: Call<Id>]
  ): Promise<Answer<ResponseBody<Responses<Id>[S]>>>;
  /** Sends anything; what comes back is still checked against the contract. */
  send(request: RawRequest): Promise<Answer<unknown>>;
}

export function createClient(url: string): Client {
  async function send({ method, path, as, headers, body }: RawRequest): Promise<Answer<unknown>> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(as ? { Authorization: `Bearer ${as.access_token}` } : {}),
        ...(keepsConnections ? {} : { Connection: 'close' }),
        ...headers,
      },
      body: body ?? null,
      redirect: 'manual',
    });
    return checkedAnswer({ method, path, body }, response);
  }

  return {
    send,
    call: async (id, status, ...[request]) => {
      const operation = operations.get(id);
      if (!operation) throw new Error(`the contract has no ${id}`);
      const { as, headers, ...input } = (request ?? {}) as Call<OperationId> & Inputs;
      const answer = await send({
        method: operation.method,
        path: pathOf(operation, input),
        as,
        headers,
        body: input.body === undefined ? undefined : JSON.stringify(input.body),
      });
      if (answer.status !== status) {
        throw new Error(`${id} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
      }
      return answer as never;
    },
  };
}

/** As the global one; what comes back is checked against the contract. */
export async function checkedFetch(request: Request): Promise<Response> {
  const { pathname, search } = new URL(request.url);
  const body = await request.clone().text();
  if (!keepsConnections) request.headers.set('Connection', 'close');
  const response = await fetch(request);
  await checkedAnswer({ method: request.method, path: pathname + search, body }, response.clone());
  return response;
}

async function checkedAnswer(sent: RawRequest, response: Response): Promise<Answer<unknown>> {
  const { status, headers } = response;
  const answer = { status, headers, body: readBody(await response.text(), headers) };
  const operation = operationAt(sent.method, sent.path);
  if (operation) checkExchange(operation, sent, answer);
  return answer;
}

interface Inputs {
  readonly path?: Record<string, string>;
  readonly query?: Record<string, unknown>;
  readonly body?: unknown;
}

export function pathOf({ path }: Operation, inputs: Inputs): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(inputs.path?.[name] ?? ''),
  );
  const query = new URLSearchParams(
    Object.entries(inputs.query ?? {}).map(([name, value]) => [name, String(value)] as [string, string]),
  ).toString();
  return query === '' ? filled : `${filled}?${query}`;
}
