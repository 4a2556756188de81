import type { RawRequest } from '../../../test/helpers/client.ts';
import { operations, type Operation } from '../../../test/helpers/contract.ts';
import { filtersOf, type Ids, type Sample } from '../../../test/helpers/samples.ts';
import { showProgress } from '../progress.ts';
import { median } from '../statistics.ts';
import type { SizedWorld } from './world.ts';

/** What is asked for, in every world alike. */
export interface Question {
  readonly name: string;
  /** Who asks, and with which filters. */
  readonly way: string;
  readonly times: number;
  readonly request: (world: SizedWorld) => RawRequest | Promise<RawRequest>;
}

/** Medians in milliseconds, by world. */
export interface Measured {
  readonly name: string;
  readonly way: string;
  readonly medians: readonly number[];
}

const rounds = { read: 40, write: 12 };
/** As long as a page of a list is for somebody who reads it. */
const pageLength = '50';

/**
 * Every read, by an admin and by a member, with each filter; and every write by whoever may, about something new each time.
 * @param names of the operations, if not all are wanted
 */
export function questions(names: readonly string[]): Question[] {
  return [...operations.values()]
    .filter(({ id }) => names.length === 0 || names.includes(id))
    .flatMap((operation) => (operation.method === 'GET' ? reads(operation) : writes(operation)));
}

function reads(operation: Operation): Question[] {
  const { id, parameters, role } = operation;
  const isPaged = parameters.some(({ name }) => name === 'limit');
  const page: Ids = isPaged ? { limit: pageLength } : {};
  const question = (way: string, query: (sample: Sample) => Ids, isMember: boolean): Question => ({
    ...{ name: id, way, times: rounds.read },
    request: ({ samples, sample }) => ({
      ...samples.request(operation, sample, { ...page, ...query(sample) }),
      ...(role !== 'public' && { as: isMember ? sample.user : samples.admin }),
    }),
  });
  const filters = parameters
    .filter(({ name, in: place }) => place === 'query' && name !== 'limit' && name !== 'cursor')
    .map(({ name }) => name);
  return [true, false].flatMap((isMember) => {
    const who = isMember ? 'member' : 'admin';
    return [
      question(who, () => ({}), isMember),
      ...filters.map((name) =>
        question(
          `${who}, ${name}`,
          ({ ids }) => ({ [name]: filtersOf(operation, ids)[name] ?? '' }),
          isMember,
        ),
      ),
    ];
  });
}

function writes(operation: Operation): Question[] {
  const request = ({ samples }: SizedWorld) => samples.freshRequest(operation);
  return [{ name: operation.id, way: 'write', times: rounds.write, request }];
}

/**
 * Asks all worlds by turns, so that whatever else the machine does meets all of them.
 * @returns undefined for what is refused
 */
export async function measure(
  worlds: readonly SizedWorld[],
  question: Question,
): Promise<Measured | undefined> {
  showProgress('Measuring', `${question.name} (${question.way})`);
  const times = worlds.map((): number[] => []);
  for (let round = -3; round < question.times; round += 1)
    for (const [index, world] of worlds.entries()) {
      const request = await question.request(world);
      const start = performance.now();
      const status = await send(world.server.port, request);
      if (status >= 500) throw new Error(`${question.name} (${question.way}) is answered ${status}.`);
      if (status >= 400) return undefined;
      if (round >= 0) times[index]?.push(performance.now() - start);
    }
  return { name: question.name, way: question.way, medians: times.map(median) };
}

async function send(port: number, { method, path, as, headers, body }: RawRequest): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: {
      ...(as && { Authorization: `Bearer ${as.access_token}` }),
      ...(body !== undefined && { 'Content-Type': 'application/json' }),
      ...headers,
    },
    body: body ?? null,
  });
  await response.arrayBuffer();
  return response.status;
}
