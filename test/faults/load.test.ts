import test from 'ava';
import { percentile } from '../../scripts/bench/statistics.ts';
import { startLink } from '../helpers/database-link.ts';
import { createTestDatabase } from '../helpers/databases.ts';
import { reportFault } from '../helpers/fault-report.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { lostWrites } from '../helpers/lost-writes.ts';
import { sendAtRate, type OpenLoad } from '../helpers/open-load.ts';
import { isFull, trials } from '../helpers/trials.ts';
import { usualRequests } from '../helpers/usual-requests.ts';
import { watchHealth } from '../helpers/watch-health.ts';

/** In seconds. */
const duration = trials({ short: 1.5, full: 15 });
/** In bytes. */
const mostMemory = 512 * 2 ** 20;

interface Place {
  readonly words: string;
  /** Of the database, in milliseconds. */
  readonly roundTrip: number;
  /** 99 % of what is served may take so many times as long as it does at a tenth of the capacity. */
  readonly mostSlowdown: number;
}

const places: readonly Place[] = [
  { words: 'whose database is 5 ms away', roundTrip: 5, mostSlowdown: 5 },
  // Whatever waits here waits for a processor most of the time, also in the clients.
  { words: 'that shares two cores with PostgreSQL and all its clients', roundTrip: 0, mostSlowdown: 25 },
];

const { url: databaseUrl, drop } = await createTestDatabase();
test.after.always(drop);

for (const { words, roundTrip, mostSlowdown } of places)
  test.serial(
    `at twice its capacity a service ${words} sheds what it cannot serve, and serves the rest`,
    async (t) => {
      const link = await startLink(databaseUrl, { roundTrip });
      t.teardown(link.stop);
      const instance = await startInstance(t, roundTrip === 0 ? databaseUrl : link.url);
      const { as, languageId } = await startWork(instance.url);
      const requests = usualRequests(as, languageId);
      const at = (rate: number, seconds = duration) => sendAtRate(instance.url, { rate, seconds }, requests);

      await at(200);
      const capacity = await capacityOf((rate) => at(rate, duration / 5));
      const unloaded = await at(capacity / 10);
      const watched = watchHealth(instance.url);
      // The first of them are a burst, which is served.
      await at(2 * capacity, 3);
      const overloaded = await at(2 * capacity);
      const { health } = await watched.stop();
      const { peak } = await instance.memory();
      t.log(`${capacity.toFixed(0)} requests a second are possible, with at most ${inMebibytes(peak)}`);
      t.log(`a tenth of it: ${inWords(unloaded)}`);
      t.log(`twice as many: ${inWords(overloaded)}`);

      t.deepEqual(failuresOf(unloaded), []);
      t.is(unloaded.shed.length, 0);
      t.deepEqual(failuresOf(overloaded), []);
      t.deepEqual(health, new Set([200]));
      t.true(peak < mostMemory);
      if (isFull) {
        t.true(overloaded.shed.length > 0);
        t.true(percentile(overloaded.served, 0.99) <= mostSlowdown * percentile(unloaded.served, 0.99));
      }
      const lost = await lostWrites(databaseUrl, overloaded);
      t.deepEqual(lost, []);
      reportFault({
        fault: `twice as many requests as are possible, ${words}`,
        load: `${(2 * capacity).toFixed(0)} requests a second, nine in ten read`,
        ...{ requests: overloaded.exchanges.length, failed: 0, unavailable: overloaded.shed.length },
        lostWrites: lost.length,
      });
    },
  );

/** Successes in a second, where more is asked for than can be done. */
async function capacityOf(at: (rate: number) => Promise<OpenLoad>): Promise<number> {
  let most = 0;
  for (let rate = 200; ; rate *= 1.5) {
    const { throughput, shed } = await at(rate);
    most = Math.max(most, throughput);
    if (shed.length > 0 || throughput < rate * 0.8) return most;
  }
}

function failuresOf({ exchanges }: OpenLoad): number[] {
  return exchanges.map(({ status }) => status).filter((status) => ![200, 201, 503].includes(status));
}

function inWords({ served, shed, throughput }: OpenLoad): string {
  const times = [0.5, 0.99].map((share) => percentile(served, share).toFixed(1));
  return `${throughput.toFixed(0)} a second served, p50 ${times.join(' ms, p99 ')} ms; ${shed.length} shed, p50 ${percentile(shed, 0.5).toFixed(1)} ms`;
}

function inMebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}
