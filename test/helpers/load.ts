import { randomUUID } from 'node:crypto';
import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { Signed } from './client.ts';
import { sendOdd, type OddRequest } from './raw-http.ts';

export interface Tally {
  requests: number;
  /** 503 with `Retry-After`, as is proper while the database is away. */
  unavailable: number;
  /** Connections that ended before the answer. */
  broken: number;
  /** Any other answer than a success. */
  readonly failed: string[];
  /** The names of the projects whose creation was answered with 201, by however many attempts. */
  readonly acknowledged: string[];
  /** In milliseconds. */
  slowest: number;
  /** When the last request was sent that did not succeed, by `performance.now()`. */
  lastTrouble: number;
  /** When each success arrived. */
  readonly successes: number[];
}

export interface Load {
  readonly tally: Tally;
  /** Every write that was begun is brought to an end, by the same key. */
  readonly stop: () => Promise<Tally>;
}

interface Options {
  readonly clients: number;
  readonly as: Signed;
  readonly languageId: string;
  /** Where to send the next request. */
  readonly url: () => string;
  /** In milliseconds, between two requests of a client. */
  readonly pause?: number;
}

const repeatAfter = 50;
const giveUpAfter = 30_000;

/** Milliseconds until all is well: until something succeeds, and nothing that is sent fails any more. */
export function recoveryOf({ successes, lastTrouble }: Tally, since: number): number {
  const first = successes.find((moment) => moment >= since) ?? Infinity;
  return Math.max(first, lastTrouble) - since;
}

/** Clients that read and write by turns, each on a connection of its own, as long as the test wants. */
export function startLoad({ clients, as, languageId, url, pause = 0 }: Options): Load {
  const tally: Tally = {
    ...{ requests: 0, unavailable: 0, broken: 0, slowest: 0, lastTrouble: -Infinity },
    ...{ failed: [], acknowledged: [], successes: [] },
  };
  let isOver = false;

  async function client(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    while (!isOver) {
      await send({ agent, as, method: 'GET', path: '/api/auth/me' }, 200);
      await wait(pause);
      const name = `Project ${randomUUID()}`;
      const write = {
        ...{ agent, as, method: 'POST', path: '/api/projects' },
        headers: { 'idempotency-key': randomUUID(), 'content-type': 'application/json' },
        body: JSON.stringify({ name, language_id: languageId }),
      };
      if (await sendUntilDone(write)) tally.acknowledged.push(name);
      else tally.failed.push('given up');
      await wait(pause);
    }
    agent.destroy();
  }

  async function sendUntilDone(write: OddRequest): Promise<boolean> {
    const end = performance.now() + giveUpAfter;
    while (performance.now() < end) {
      if (await send(write, 201)) return true;
      await wait(repeatAfter);
    }
    return false;
  }

  /** @returns whether it succeeded */
  async function send(request: OddRequest, expected: number): Promise<boolean> {
    const started = performance.now();
    tally.requests += 1;
    const outcome = await sendOdd(url(), request).catch((error: unknown) => error as NodeJS.ErrnoException);
    tally.slowest = Math.max(tally.slowest, performance.now() - started);
    if ('status' in outcome && outcome.status === expected) {
      tally.successes.push(performance.now());
      return true;
    }
    tally.lastTrouble = Math.max(tally.lastTrouble, started);
    if (!('status' in outcome)) {
      if (outcome.code === undefined) throw outcome;
      tally.broken += 1;
    } else if (outcome.status === 503 && /^[1-9]\d*$/.test(outcome.headers.get('Retry-After') ?? ''))
      tally.unavailable += 1;
    // The key of a request whose connection broke may be taken until the database notices.
    else if (outcome.status !== 409) tally.failed.push(`${outcome.status} ${JSON.stringify(outcome.body)}`);
    return false;
  }

  const running = Promise.all(Array.from({ length: clients }, client));
  return {
    tally,
    stop: async () => {
      isOver = true;
      await running;
      return tally;
    },
  };
}
