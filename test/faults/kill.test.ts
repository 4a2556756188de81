import test from 'ava';
import { createTestDatabase } from '../helpers/databases.ts';
import { reportFault } from '../helpers/fault-report.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { startLoad } from '../helpers/load.ts';
import { lostWrites } from '../helpers/lost-writes.ts';
import { trials } from '../helpers/trials.ts';
import { until } from '../helpers/until.ts';

const clients = 20;
const kills = trials({ short: 1, full: 5 });

test('kill -9 loses no write that was answered, and doubles none that is sent again', async (t) => {
  const { url: databaseUrl, drop } = await createTestDatabase();
  t.teardown(drop);
  let instance = await startInstance(t, databaseUrl);
  const load = startLoad({ clients, ...(await startWork(instance.url)), url: () => instance.url });
  let slowestStart = 0;
  for (let count = 1; count <= kills; count += 1) {
    await until('all clients have written', () => load.tally.acknowledged.length >= clients * count);
    await instance.stop('SIGKILL');
    const killed = performance.now();
    instance = await startInstance(t, databaseUrl);
    slowestStart = Math.max(slowestStart, performance.now() - killed);
  }
  const tally = await load.stop();
  t.deepEqual(tally.failed, []);
  t.true(tally.broken > 0);
  const lost = await lostWrites(databaseUrl, tally);
  t.deepEqual(lost, []);
  reportFault({
    fault: `kill -9 of the only instance, ${kills} times`,
    load: `${clients} clients, reads and writes`,
    ...{ requests: tally.requests, failed: tally.broken, unavailable: tally.unavailable },
    ...{ lostWrites: lost.length, recovery: slowestStart },
  });
});
