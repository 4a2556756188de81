import type { Child } from './child.ts';
import type { Order, Outcome } from './load/main.ts';
import { showProgress } from './progress.ts';
import type { Server } from './servers.ts';
import { median, percentile } from './statistics.ts';
import type { Figures } from './results.ts';
import type { Trial } from './trial.ts';
import type { Workshop } from './workshop.ts';

export interface Plan {
  readonly rounds: number;
  /** In milliseconds. */
  readonly round: number;
  /** How many rounds in a row have to take no less than the best before, for a server to be warm. */
  readonly steady: number;
}

interface Round {
  readonly requests: number;
  readonly cpu: number;
  readonly rate: number;
  readonly postgres: number | undefined;
  readonly p50: number;
  readonly p99: number;
}

/** Rounds of all servers by turns, each time in another order, after all have got warm. */
export async function measure(
  workshop: Workshop,
  trial: Trial,
  plan: Plan,
): Promise<Record<string, Figures>> {
  const { servers } = workshop;
  const { rounds, round } = plan;
  showProgress(trial.name, 'warming up');
  for (const server of servers) await warmUp(workshop, server, trial, plan);
  const done = new Map<Server, Round[]>(servers.map((server) => [server, []]));
  for (let turn = 0; turn < rounds; turn += 1) {
    showProgress(trial.name, `round ${turn + 1} of ${rounds}`);
    for (let place = 0; place < servers.length; place += 1) {
      const server = servers[(turn + place) % servers.length];
      if (server) done.get(server)?.push(await runRound(workshop, server, trial, round));
    }
  }
  return Object.fromEntries([...done].map(([{ name }, each]) => [name, summarize(each)]));
}

/** No more rounds than these, however much faster it still gets. */
const longestWarmUp = 30;
/** The least that a round has to gain on the best before. */
const gain = 0.05;

/** Sends requests until V8 makes them no faster: the service takes some seconds for that, a baseline one. */
export async function warmUp(
  workshop: Pick<Workshop, 'load' | 'postgresCpu'>,
  server: Server,
  trial: Trial,
  { round, steady }: Omit<Plan, 'rounds'>,
): Promise<void> {
  let best = Infinity;
  let withoutGain = 0;
  for (let count = 0; count < longestWarmUp && withoutGain < steady; count += 1) {
    const { cpu } = await runRound(workshop, server, trial, round);
    withoutGain = cpu < best * (1 - gain) ? 0 : withoutGain + 1;
    best = Math.min(best, cpu);
  }
}

async function runRound(
  { load, postgresCpu }: Pick<Workshop, 'load' | 'postgresCpu'>,
  server: Server,
  trial: Trial,
  milliseconds: number,
): Promise<Round> {
  const before = { cpu: await cpuOf(server), postgres: postgresCpu() };
  const outcome = await runLoad(load, server, trial, milliseconds);
  const after = { cpu: await cpuOf(server), postgres: postgresCpu() };
  const latencies = outcome.latencies.toSorted((one, other) => one - other);
  const requests = latencies.length;
  return {
    requests,
    cpu: (after.cpu - before.cpu) / requests,
    rate: (requests * 1000) / outcome.milliseconds,
    postgres:
      before.postgres === undefined || after.postgres === undefined
        ? undefined
        : after.postgres - before.postgres,
    p50: percentile(latencies, 0.5),
    p99: percentile(latencies, 0.99),
  };
}

export async function runLoad(
  load: Child,
  { port }: Server,
  trial: Trial,
  milliseconds: number,
): Promise<Outcome> {
  const { requests, status, case: one } = trial;
  const order: Order = { port, requests, status, follow: one.follow, milliseconds };
  const outcome = await load.ask<Outcome>(order);
  trial.requests = outcome.next;
  return outcome;
}

export async function cpuOf(server: Server): Promise<number> {
  const { user, system } = await server.ask<NodeJS.CpuUsage>({ ask: 'usage' });
  return user + system;
}

function summarize(rounds: readonly Round[]): Figures {
  const middle = (figure: (round: Round) => number) => median(rounds.map(figure));
  const sum = (figure: (round: Round) => number) => rounds.reduce((total, round) => total + figure(round), 0);
  const isKnown = rounds.every(({ postgres }) => postgres !== undefined);
  return {
    cpu: middle(({ cpu }) => cpu),
    rate: middle(({ rate }) => rate),
    // Ticks of 10 ms are too coarse for a round.
    postgres: isKnown ? sum(({ postgres = 0 }) => postgres) / sum(({ requests }) => requests) : null,
    p50: middle(({ p50 }) => p50),
    p99: middle(({ p99 }) => p99),
  };
}
