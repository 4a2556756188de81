import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { startLink } from '../helpers/database-link.ts';
import { reportFault } from '../helpers/fault-report.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { recoveryOf, startLoad } from '../helpers/load.ts';
import { lostWrites } from '../helpers/lost-writes.ts';
import { createMovingHost } from '../helpers/moving-host.ts';
import { startOwnCluster } from '../helpers/own-cluster.ts';
import { queryAt } from '../helpers/query.ts';
import { isFull, trials } from '../helpers/trials.ts';
import { until } from '../helpers/until.ts';
import { watchHealth } from '../helpers/watch-health.ts';

interface Fault {
  readonly name: string;
  /** Whether it takes long enough to be noticed by who asks for readiness. */
  readonly shows: boolean;
  readonly inFullOnly?: boolean;
  /** Ends when the database is as it should be again. */
  readonly act: () => Promise<void>;
}

const outage = trials({ short: 1_500, full: 10_000 });
const clients = trials({ short: 10, full: 40 });
/** In milliseconds, between two requests of a client: all of them together ask for less than can be done. */
const pause = 50;
/** In milliseconds: on a busy machine everything takes longer. */
const [mostRecovery, mostWait] = isFull ? [2_000, 12_000] : [20_000, 60_000];
/** In milliseconds. */
const afterwards = trials({ short: 500, full: 3_000 });
const poolSize = 10;

const addresses = ['127.0.0.1', process.platform === 'darwin' ? '::1' : '127.0.0.2'] as const;
const cluster = await startOwnCluster();
const link = await startLink(cluster.url, { host: addresses[0] });
const movedLink = await startLink(cluster.url, { host: addresses[1], port: link.port });
const database = createMovingHost(addresses[0]);
test.after.always(async () => {
  await link.stop();
  await movedLink.stop();
  await cluster.remove();
  database.remove();
});

const terminate = `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tripod-api'`;

const faults: Fault[] = [
  {
    name: 'PostgreSQL restarts',
    shows: false,
    act: async () => {
      await cluster.stop();
      await cluster.start();
    },
  },
  {
    name: 'kill -9 of PostgreSQL',
    shows: false,
    act: async () => {
      await cluster.kill();
      await cluster.start();
    },
  },
  {
    name: `PostgreSQL is away for ${outage / 1000} s`,
    shows: true,
    act: async () => {
      await link.refuse();
      await wait(outage);
      await link.restore();
    },
  },
  {
    name: `the network says nothing for ${outage / 1000} s`,
    shows: true,
    inFullOnly: true,
    act: async () => {
      link.silence();
      await wait(outage);
      await link.restore();
    },
  },
  {
    name: 'all connections are killed, five times',
    shows: false,
    act: async () => {
      for (let count = 0; count < 5; count += 1) {
        await queryAt(cluster.url, terminate);
        await wait(200);
      }
    },
  },
  {
    name: 'cold wake of 1 s',
    shows: false,
    act: async () => {
      link.sleep(1_000);
      await wait(1_500);
      link.sleep(0);
    },
  },
  {
    name: 'slow statements, which fill the pool',
    shows: true,
    inFullOnly: true,
    act: async () => {
      await queryAt(
        cluster.url,
        `create function be_slow() returns trigger language plpgsql as $$ begin perform pg_sleep(60); return new; end $$;
         create trigger slow before insert on projects for each row execute function be_slow()`,
      );
      await wait(outage);
      await queryAt(cluster.url, 'drop function be_slow cascade');
    },
  },
  {
    name: 'failover to another address',
    shows: true,
    act: async () => {
      if (isFull) link.silence();
      else await link.refuse();
      await cluster.kill();
      await cluster.start();
      await wait(outage);
      database.moveTo(addresses[1]);
    },
  },
];

test.serial('the service bears what may happen to its database', async (t) => {
  const address = `postgresql://tripod@${database.host}:${link.port}/tripod`;
  const instance = await startInstance(t, address, { ...database.environment, LOG_LEVEL: 'fatal' });
  const work = await startWork(instance.url);

  for (const { name, shows, act } of faults.filter(({ inFullOnly }) => isFull || !inFullOnly)) {
    const load = startLoad({ clients, ...work, url: () => instance.url, pause });
    await until('all clients have written', () => load.tally.acknowledged.length >= clients);
    const health = watchHealth(instance.url);
    await act();
    const back = performance.now();
    await wait(afterwards);
    const watched = await health.stop();
    const tally = await load.stop();

    const recovery = recoveryOf(tally, back);
    const lost = await lostWrites(cluster.url, tally);
    t.deepEqual(tally.failed, [], name);
    t.is(tally.broken, 0, name);
    t.deepEqual(lost, [], name);
    t.true(recovery < mostRecovery, `${name}: ${recovery} ms`);
    t.true(Math.max(tally.slowest, watched.slowest) < mostWait, `${name}: ${tally.slowest} ms`);
    t.deepEqual([...watched.health], [200], name);
    t.true(watched.isReady, name);
    if (shows) t.true(watched.readiness.has(503), name);
    t.deepEqual(await leftovers(), [], name);
    reportFault({
      fault: name,
      load: `${clients} clients, reads and writes`,
      requests: tally.requests,
      failed: tally.failed.length + tally.broken,
      unavailable: tally.unavailable,
      lostWrites: lost.length,
      recovery,
    });
  }
  // Idle ones are let go of after 30 s, and any that were lost on the way would stay.
  if (isFull) {
    await wait(35_000);
    t.is((await connections()).length, 0);
  }
  t.is(await instance.stop('SIGTERM'), 0);
});

interface Backend {
  readonly state: string;
  readonly query: string;
}

function connections(): Promise<Backend[]> {
  return queryAt<Backend>(
    cluster.url,
    `select state, query from pg_stat_activity where application_name = 'tripod-api'`,
  );
}

/** What has no business to be there when nobody asks for anything. */
async function leftovers(): Promise<Backend[]> {
  const all = await connections();
  return all.length > poolSize ? all : all.filter(({ state }) => state !== 'idle');
}
