import { randomUUID } from 'node:crypto';
import test from 'ava';
import { startBalancer } from './helpers/balancer.ts';
import { createClient } from './helpers/client.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { guess } from './helpers/guesses.ts';
import { startInstance, startWork } from './helpers/instance-process.ts';
import { readMetrics } from './helpers/metrics.ts';

const { url: databaseUrl, drop } = await createTestDatabase();
const balancer = await startBalancer();
const client = createClient(balancer.url);
const endings: (() => unknown)[] = [];
const start = () =>
  startInstance({ teardown: (end) => endings.push(end) }, databaseUrl, {
    METRICS_PORT: '0',
    LOG_LEVEL: 'info',
    TRUST_PROXY: '1',
  });
const instances = await Promise.all([start(), start(), start()]);
await Promise.all(instances.map(({ url }) => balancer.add(url)));
const metricsPorts = await Promise.all(
  instances.map(async ({ said }) => Number(await said(/"metrics_port":(\d+)/))),
);
test.after.always(async () => {
  await balancer.stop();
  for (const end of endings) await end();
  await drop();
});

/** One metric of each instance. */
async function onEach(name: string): Promise<number[]> {
  const samples = await Promise.all(metricsPorts.map(readMetrics));
  return samples.map((each) => each.get(name) ?? 0);
}

test.serial('guesses count against an account on whichever instance they are made', async (t) => {
  const email = `${randomUUID()}@example.org`;
  const statuses: number[] = [];
  const left: (string | undefined)[] = [];
  while (statuses.length < 6) {
    const { status, headers } = await guess(client, email, { address: '192.0.2.7' });
    statuses.push(status);
    left.push(/"account";r=(\d)/.exec(headers.get('RateLimit') ?? '')?.[1]);
  }
  t.deepEqual(statuses, [401, 401, 401, 401, 401, 429]);
  t.deepEqual(left, ['4', '3', '2', '1', '0', '0']);
  const [refused, answered] = [429, 401].map(
    (status) => `http_request_duration_seconds_count{operation="logIn",status="${status}"}`,
  );
  t.deepEqual((await onEach(refused ?? '')).sort(), [0, 0, 1]);
  t.deepEqual((await onEach(answered ?? '')).sort(), [1, 2, 2]);
});

test.serial(
  'a request that is sent again to other instances has one effect and the same answer',
  async (t) => {
    const { as } = await startWork(balancer.url);
    for (const atOnce of [true, false]) {
      const call = { as, headers: { 'Idempotency-Key': randomUUID() }, body: { name: `Once ${atOnce}` } };
      const send = async () => (await client.call('createPhase', 201, call)).body.id;
      const ids = atOnce
        ? await Promise.all([send(), send(), send()])
        : [await send(), await send(), await send()];
      t.deepEqual(new Set(ids).size, 1);
    }
    const { body: phases } = await client.call('listPhases', 200, { as });
    t.deepEqual(
      phases
        .map(({ name }) => name)
        .filter((name) => name.startsWith('Once'))
        .sort(),
      ['Once false', 'Once true'],
    );
    const created = 'http_request_duration_seconds_count{operation="createPhase",status="201"}';
    t.deepEqual(await onEach(created), [2, 2, 2]);
  },
);
