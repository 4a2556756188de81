import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { connectDatabase, queriesWaiting } from '../src/core/database.ts';
import { overloadDetector } from '../src/http/overload.ts';
import { collectLog } from './helpers/collect-log.ts';
import { platformAdmin } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { until } from './helpers/until.ts';

const connections = 10;
const shortQueue = 20;
const burst = 100;

const { logTo, entries } = collectLog();
const service = await startService({ logTo, oneInstance: true, longestBurst: burst });
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

/** Has everything that asks for users wait until it is let go. */
async function holdUsers(t: ExecutionContext): Promise<() => Promise<void>> {
  const database = connectDatabase(service.databaseUrl);
  const holding = await database.transaction();
  await holding.raw('lock table users in access exclusive mode');
  const letGo = async () => {
    if (!holding.isCompleted()) await holding.rollback();
    await database.destroy();
  };
  t.teardown(letGo);
  return letGo;
}

const me = (headers = {}) => service.send({ method: 'GET', path: '/api/auth/me', as: admin, headers });
const many = (count: number) => Array.from({ length: count }, () => me());
const statusesOf = async (answers: readonly ReturnType<typeof me>[]) =>
  new Set((await Promise.all(answers)).map(({ status }) => status));

async function untilQueued(count: number): Promise<void> {
  await until(`${count} wait`, () => queriesWaiting(service.context.database) >= count);
}

test.serial(
  'while more comes than can be done, newcomers are sent away and the others are served',
  async (t) => {
    const letGo = await holdUsers(t);
    const early = many(connections + shortQueue);
    await untilQueued(shortQueue);
    // The queue has been long for a moment only.
    early.push(me());
    // It has been let in.
    await untilQueued(shortQueue + 1);
    await wait(burst + 50);

    const origin = 'http://localhost:5173';
    const began = performance.now();
    const late = await me({ Origin: origin, 'X-Request-Id': 'late' });
    const took = performance.now() - began;
    t.like(late, {
      status: 503,
      body: { code: 'UNAVAILABLE', request_id: 'late', instance: '/api/auth/me' },
    });
    t.regex(late.headers.get('Retry-After') ?? '', /^[123]$/);
    t.is(late.headers.get('Access-Control-Allow-Origin'), origin);
    t.regex(late.headers.get('Access-Control-Expose-Headers') ?? '', /Retry-After/);
    t.is(late.headers.get('X-Content-Type-Options'), 'nosniff');
    t.is((await service.send({ method: 'HEAD', path: '/api/auth/me', as: admin })).status, 503);

    await service.call('getHealth', 200);
    const preflight = { Origin: origin, 'Access-Control-Request-Method': 'GET' };
    const allowed = await service.send({ method: 'OPTIONS', path: '/api/auth/me', headers: preflight });
    t.is(allowed.status, 204);
    t.truthy(allowed.headers.get('X-Request-Id'));
    const readiness = service.send({ method: 'GET', path: '/health/ready' });

    await letGo();
    t.deepEqual(await statusesOf(early), new Set([200]));
    t.is((await readiness).status, 200);
    t.is((await me()).status, 200);
    // It did not wait for anything.
    t.true(took < 5_000);
  },
);

test.serial('what was sent away is counted, and told of once in a second', async (t) => {
  const [counted] = (await service.context.metrics.shedRequests.get()).values;
  t.true((counted?.value ?? 0) >= 2);
  const told = entries().filter(({ message }) => message === 'more comes than can be done');
  t.is(told.length, 1);
  t.like(told[0], { severity: 'WARNING', shed: 1 });
  t.deepEqual(
    entries().filter(({ request_id }) => request_id === 'late'),
    [],
  );
});

/** What is answered to those who come at these times, in milliseconds, to queues of these lengths. */
function answersTo(arrivals: readonly (readonly [at: number, queueLength: number])[]): string {
  let [now, length] = [0, 0];
  const isOverloaded = overloadDetector(
    () => length,
    () => now,
    burst,
  );
  return arrivals
    .map(([at, queueLength]) => {
      [now, length] = [at, queueLength];
      return isOverloaded() ? 'busy' : 'ok';
    })
    .join(' ');
}

test('a queue that is long for a moment is a burst, however long it is', (t) => {
  t.is(
    answersTo([
      [0, 0],
      [1, 400],
      [99, 300],
      [100, 19],
      [110, 20],
      [209, 22],
    ]),
    'ok ok ok ok ok ok',
  );
});

test('a queue that stays long is overload, as long as it is not short', (t) => {
  t.is(
    answersTo([
      [0, 20],
      [100, 20],
      [101, 19],
      [102, 20],
      [103, 400],
    ]),
    'ok busy ok busy busy',
  );
});

test('a second after overload, bursts are served again', (t) => {
  t.is(
    answersTo([
      [0, 20],
      [100, 20],
      [1_099, 0],
      [1_100, 20],
      [1_150, 400],
    ]),
    'ok busy ok ok ok',
  );
  t.is(
    answersTo([
      [0, 20],
      [100, 20],
      [1_098, 0],
      [1_099, 20],
      [2_098, 400],
    ]),
    'ok busy ok busy busy',
  );
});
