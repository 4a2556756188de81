import test from 'ava';
import { startBalancer } from '../helpers/balancer.ts';
import { createTestDatabase } from '../helpers/databases.ts';
import { reportFault } from '../helpers/fault-report.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { startLoad } from '../helpers/load.ts';
import { lostWrites } from '../helpers/lost-writes.ts';
import { trials } from '../helpers/trials.ts';

const clients = 20;
const requests = trials({ short: 300, full: 20_000 });
const fewest = trials({ short: 1, full: 3 });

test('three instances behind a proxy start anew one after the other, and no request fails', async (t) => {
  const { url: databaseUrl, drop } = await createTestDatabase();
  const balancer = await startBalancer();
  t.teardown(async () => {
    await balancer.stop();
    await drop();
  });
  const start = async () => {
    const instance = await startInstance(t, databaseUrl);
    await balancer.add(instance.url);
    return instance;
  };
  const instances = [await start(), await start(), await start()];
  const load = startLoad({ clients, ...(await startWork(balancer.url)), url: () => balancer.url });

  let restarts = 0;
  while (restarts < fewest || load.tally.requests < requests) {
    const [oldest] = instances.splice(0, 1);
    t.is(await oldest?.stop('SIGTERM'), 0);
    if (oldest) balancer.remove(oldest.url);
    instances.push(await start());
    restarts += 1;
  }
  const tally = await load.stop();
  t.deepEqual(tally.failed, []);
  t.is(tally.broken, 0);
  t.is(tally.unavailable, 0);
  const lost = await lostWrites(databaseUrl, tally);
  t.deepEqual(lost, []);
  reportFault({
    fault: `rolling restart of 3 instances, ${restarts} restarts`,
    load: `${clients} clients through a proxy, reads and writes`,
    ...{ requests: tally.requests, failed: 0, unavailable: 0, lostWrites: lost.length },
  });
});
