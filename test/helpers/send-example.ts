import { pathOf, type Answer, type Client, type Signed } from './client.ts';
import { shownAnswer, shownBodies } from './contract-examples.ts';
import { operations, type Operation, type OperationId, type Parameter } from './contract.ts';
import type { ExampleWorld, Who } from './example-world.ts';
import type { MetExamples, SentExample } from './met-examples.ts';

export interface Input extends Partial<SentExample> {
  readonly as?: Who | 'nobody' | undefined;
  /** A precondition that is met. */
  readonly precondition?: string | undefined;
  /** Another path than the operation shows. */
  readonly at?: string;
  /** Another service than that of the examples. */
  readonly to?: Client;
}

/** Sends requests as the contract shows them, and notes which examples they meet. */
export function exampleSender(world: ExampleWorld, met: MetExamples) {
  return async (
    id: OperationId,
    { as, at, to = world, precondition, ...other }: Input = {},
  ): Promise<Answer<unknown>> => {
    const operation = operations.get(id);
    if (!operation) throw new Error(`the contract has no ${id}`);
    const sent: SentExample = {
      path: examplesOf(operation, ({ in: place }) => place === 'path'),
      query: examplesOf(operation, isNeeded(operation)),
      body: shownBodies(id)[0],
      ...other,
      headers: { ...usualHeaders(operation, precondition), ...other.headers },
    };
    const answer = await to.send({
      method: operation.method,
      path: at ?? pathOf(operation, sent),
      as: tokenOf(world, as ?? usualCaller(operation)),
      headers: { ...sent.headers },
      body: sent.body === undefined ? undefined : JSON.stringify(sent.body),
    });
    met.note(operation, sent, answer);
    return answer;
  };
}

export type SendExample = ReturnType<typeof exampleSender>;

function usualHeaders(operation: Operation, precondition: string | undefined): Record<string, string> {
  const { request_id } = shownAnswer('getMe', 401) as { request_id: string };
  return {
    ...examplesOf(
      operation,
      ({ in: place, name }) => place === 'header' && (name === precondition || !name.startsWith('If-')),
    ),
    ...{ Origin: 'https://console.example.org', 'X-Request-Id': request_id },
  };
}

/** A search without a text finds nothing. */
function isNeeded({ parameters }: Operation): (parameter: Parameter) => boolean {
  const isPaged = parameters.some(({ name }) => name === 'limit');
  return ({ in: place, name, required = false }) =>
    place === 'query' && (required || (name === 'q' && !isPaged));
}

function examplesOf(
  operation: Operation,
  isWanted: (parameter: Parameter) => boolean,
): Record<string, string> {
  const wanted = operation.parameters.filter(isWanted);
  return Object.fromEntries(wanted.map(({ name, example }) => [name, String(example)]));
}

function usualCaller({ role }: Operation): Who | undefined {
  if (role === 'public') return undefined;
  return role === 'authenticated' ? 'facilitator' : 'admin';
}

function tokenOf({ people }: ExampleWorld, who: Input['as']): Signed | undefined {
  if (who === 'nobody') return { access_token: 'no-token-at-all' };
  return who && people[who];
}
