import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import test from 'ava';
import { connectDatabase } from '../src/core/database.ts';
import { startSession } from '../src/services/auth/start-session.ts';
import type { Answer, RawRequest } from './helpers/client.ts';
import { operations, type Operation } from './helpers/contract.ts';
import { lockWaiter } from './helpers/lock-waits.ts';
import { twentyAtOnce } from './helpers/parallel.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { createSamples, type Ids } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';
import { until } from './helpers/until.ts';

const service = await startService();
const samples = await createSamples(service);
test.after.always(() => service.stop());

const repeatable = [...operations.values()].filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'Idempotency-Key'),
);

// One after the other: effects are counted in all tables.
for (const operation of repeatable) {
  const title = `${operation.method} ${operation.path}`;

  test.serial(`${title} sent again with its key answers the same and has no second effect`, async (t) => {
    const request = keyed(await samples.freshRequest(operation));
    const first = await service.send(request);
    t.true(first.status < 300, JSON.stringify(first.body));
    const rows = await countRows();
    for (const again of [await service.send(request), await service.send(request)])
      sameAnswer(t, again, first);
    t.deepEqual(await countRows(), rows);
  });

  test.serial(
    `${title} 20 times at once with one key has one effect, and all are told the same`,
    async (t) => {
      const single = keyed(await samples.freshRequest(operation));
      const alone = await effectOf(async () => [await service.send(single)]);
      const request = keyed(await samples.freshRequest(operation));
      const together = await effectOf(() => twentyAtOnce(() => service.send(request)));
      t.deepEqual(together.effect, alone.effect);
      t.true(Object.values(alone.effect).some((count) => count > 0));
      const [first] = together.answers;
      for (const answer of together.answers) if (first) sameAnswer(t, answer, first);
      t.is(first?.status, alone.answers[0]?.status);
    },
  );

  test.serial(`${title} answers 422 for a key that has been used with another body`, async (t) => {
    const request = keyed(await samples.freshRequest(operation));
    t.true((await service.send(request)).status < 300);
    const { body } = await samples.freshRequest(operation);
    const other = { ...(JSON.parse(String(body)) as Record<string, string>) };
    if (other['name'] !== undefined) other['name'] = 'Another';
    const rows = await countRows();
    const { status, body: problem } = await service.send({ ...request, body: JSON.stringify(other) });
    t.is(status, 422);
    t.like(problem, { code: 'IDEMPOTENCY_KEY_REUSED' });
    t.deepEqual(await countRows(), rows);
  });

  test.serial(`${title} repeats a refusal too`, async (t) => {
    const sample = await samples.addSample();
    const request = samples.request(operation, sample);
    const refusal = keyed(await refused(request));
    const first = await service.send(refusal);
    if (first.status < 400) {
      t.is(operation.id, 'createPhase', 'nothing makes this refuse');
      return;
    }
    t.true([404, 409, 422].includes(first.status), JSON.stringify(first.body));
    const rows = await countRows();
    const again = await service.send(refusal);
    t.is(again.status, first.status);
    t.deepEqual(problemOf(again), problemOf(first));
    t.deepEqual(await countRows(), rows);
    const kept = await service.context.database('idempotency_keys').where({ key: keyOf(refusal) });
    t.is(kept.length, 1);
  });

  test.serial(`${title} takes a key that somebody else has used as a new one`, async (t) => {
    const request = keyed(await samples.freshRequest(operation));
    t.true((await service.send(request)).status < 300);
    const { database } = service.context;
    const kept = await database('idempotency_keys').where({ key: keyOf(request) });
    t.is(kept.length, 1);
    const other = await service.send({ ...request, as: await platformAdmin(service) });
    t.not((other.body as { code?: string }).code, 'IDEMPOTENCY_KEY_REUSED');
    t.is((await database('idempotency_keys').where({ key: keyOf(request) })).length, 2);
  });
}

test.serial('one key serves two operations, each with its own answer', async (t) => {
  const as = samples.admin;
  const headers = { 'Idempotency-Key': randomUUID() };
  const phase = await service.call('createPhase', 201, { as, headers, body: { name: 'Once' } });
  const body = { name: 'Once', slug: randomUUID() };
  const organization = await service.call('createOrganization', 201, { as, headers, body });
  const again = await service.call('createPhase', 201, { as, headers, body: { name: 'Once' } });
  t.is(again.body.id, phase.body.id);
  t.not(again.body.id, organization.body.id);
});

test.serial('a key is good for another path only as for another body', async (t) => {
  const request = keyed(await samples.freshRequest(operationOf('attachProjectPhase')));
  t.is((await service.send(request)).status, 204);
  const { path } = await samples.freshRequest(operationOf('attachProjectPhase'));
  t.is((await service.send({ ...request, path })).status, 422);
});

test.serial('the order of a body’s fields makes no other request', async (t) => {
  const headers = { 'Idempotency-Key': randomUUID() };
  const send = (body: string) =>
    service.send({ method: 'POST', path: '/api/phases', as: samples.admin, headers, body });
  const first = await send('{"name": "Draft", "description": "Oral"}');
  const again = await send('{ "description":"Oral","name":"Draft"}');
  t.is(first.status, 201);
  t.deepEqual(again.body, first.body);
});

test.serial('an answer comes again byte for byte', async (t) => {
  const body = '{"name":"Zuerst","description":"ü \\u0001 \\" 1e5"}';
  const request = { ...keyed({ method: 'POST', path: '/api/phases', as: samples.admin }), body };
  const headers = { ...request.headers, 'content-type': 'application/json' };
  const [first, again] = [
    await sendOdd(service.url, { ...request, headers }),
    await sendOdd(service.url, { ...request, headers }),
  ];
  t.is(again.text, first.text);
});

for (const [what, key] of [
  ['is empty', ''],
  ['has a space', 'a b'],
  ['has another letter than ASCII', 'ü'],
  ['has 256 characters', 'x'.repeat(256)],
] as const) {
  test.serial(`a key that ${what} answers 400 wherever one is taken`, async (t) => {
    for (const operation of repeatable) {
      const request = await samples.freshRequest(operation);
      const headers = {
        'content-type': 'application/json',
        'idempotency-key': Buffer.from(key).toString('latin1'),
      };
      const { status, body } = await sendOdd(service.url, { ...request, headers });
      t.is(status, 400, operation.id);
      t.like(body, { errors: [{ in: 'header', path: 'idempotency-key' }] });
    }
  });
}

test.serial('a key of 255 visible characters is taken', async (t) => {
  const headers = { 'Idempotency-Key': '!~'.repeat(127) + '"' };
  const body = { name: 'Long' };
  const first = await service.call('createPhase', 201, { as: samples.admin, headers, body });
  t.is((await service.call('createPhase', 201, { as: samples.admin, headers, body })).body.id, first.body.id);
});

test.serial('a request that the contract refuses leaves its key unused', async (t) => {
  const request = keyed({ method: 'POST', path: '/api/phases', as: samples.admin });
  t.is((await service.send({ ...request, body: '{}' })).status, 400);
  t.is((await service.send({ ...request, body: '{"name": "Now"}' })).status, 201);
});

test.serial('a repeat is 403 once the role is taken back', async () => {
  const person = await holderOf(service, 'avita', 'facilitator');
  const headers = { 'Idempotency-Key': randomUUID() };
  const call = { as: person, headers, body: { name: 'Mine' } };
  await service.call('createPhase', 201, call);
  await service.call('revokeRole', 200, {
    as: samples.admin,
    body: { target_user_id: person.id, app_key: 'avita', role_key: 'facilitator' },
  });
  await service.call('createPhase', 403, call);
});

test.serial('what fails with 5xx leaves nothing behind, and may be sent again', async (t) => {
  const { database } = service.context;
  const request = keyed({ method: 'POST', path: '/api/phases', as: samples.admin, body: '{"name":"Later"}' });
  const rows = await countRows();
  await database.raw('alter table phases rename to hidden');
  const failed = await service.send(request);
  await database.raw('alter table hidden rename to phases');
  t.is(failed.status, 500);
  t.deepEqual(await countRows(), rows);
  t.deepEqual(await database('idempotency_keys').where({ key: keyOf(request) }), []);
  t.is((await service.send(request)).status, 201);
});

test.serial('a repeat waits for the first while it runs, and then gets its answer', async (t) => {
  const { request, release, firstWaits } = await heldBack();
  const first = service.send(request);
  await firstWaits();
  const repeat = service.send(request);
  await pause(300);
  await release();
  const [one, two] = await Promise.all([first, repeat]);
  t.is(one.status, 201);
  sameAnswer(t, two, one);
});

test.serial('a repeat is 409 after 5 seconds, while the first goes on to its end', async (t) => {
  const { request, release, firstWaits } = await heldBack();
  const first = service.send(request);
  await firstWaits();
  const started = performance.now();
  const repeat = await service.send(request);
  const waited = performance.now() - started;
  await release();
  t.is(repeat.status, 409);
  t.like(repeat.body, { code: 'CONFLICT' });
  t.true(waited > 4_900, `${waited} ms`);
  const one = await first;
  t.is(one.status, 201);
  sameAnswer(t, await service.send(request), one);
});

test.serial('however many wait for one key, they keep no connection from others', async (t) => {
  const { request, release, firstWaits } = await heldBack();
  const first = service.send(request);
  await firstWaits();
  const repeats = Promise.all(Array.from({ length: 40 }, () => service.send(request)));
  await pause(300);
  await service.call('getMe', 200, { as: samples.admin });
  await release();
  const answer = await first;
  for (const repeat of await repeats) sameAnswer(t, repeat, answer);
});

test.serial('of those who wait for a key, no more than 50 do so at once', async (t) => {
  const alone = await startService({ databaseUrl: service.databaseUrl, oneInstance: true });
  t.teardown(() => alone.stop());
  const { request, release, firstWaits } = await heldBack();
  const first = service.send(request);
  await firstWaits();
  const refused: unknown[] = [];
  const repeats = Array.from({ length: 70 }, async () => {
    const repeat = await alone.send(request);
    if (repeat.status === 409) refused.push(repeat.body);
    return repeat;
  });
  await until('20 are refused', async () => {
    const [waiters] = (await alone.context.metrics.idempotencyWaiters.get()).values;
    t.true((waiters?.value ?? 0) <= 50);
    return refused.length >= 20;
  });
  await release();
  const answer = await first;
  const waited = (await Promise.all(repeats)).filter(({ status }) => status !== 409);
  t.true(waited.length > 0 && waited.length <= 50);
  for (const repeat of waited) sameAnswer(t, repeat, answer);
});

test.serial('every operation answers 409 while another request with its key runs for too long', async (t) => {
  const other = connectDatabase(service.databaseUrl, { statementLimit: 60_000 });
  const holding = await other.transaction();
  const requests = await Promise.all(
    repeatable.map(async (operation) => ({
      operation,
      request: keyed(await samples.freshRequest(operation)),
    })),
  );
  for (const { operation, request } of requests) {
    await holding('idempotency_keys').insert({
      user_id: samples.admin.id,
      operation_id: operation.id,
      key: keyOf(request),
      request_hash: 'still running',
      created_at: new Date(),
    });
  }
  const answers = await Promise.all(requests.map(({ request }) => service.send(request)));
  for (const { status, body } of answers) {
    t.is(status, 409);
    t.like(body, { code: 'CONFLICT' });
  }
  await holding.rollback();
  await other.destroy();
});

test.serial('a caller whose account is deleted meanwhile gets 401', async (t) => {
  const person = await signUp(service);
  const { database } = service.context;
  const holding = await database.transaction();
  await holding('users').where({ id: person.id }).delete();
  const answer = service.send({
    ...keyed({ method: 'POST', path: '/api/projects', as: person }),
    body: JSON.stringify({ name: 'Mine', language_id: randomUUID() }),
  });
  await until('it waits for the user', () => lockWaiter(database));
  await holding.commit();
  t.is((await answer).status, 401);
});

// These let days pass, so they come last.
test.serial('a key is forgotten after 24 hours, also when 20 send it again at once', async (t) => {
  const { ids, user } = await samples.addSample();
  await makeAdmin(ids['user_id'] ?? '');
  const request = keyed({ method: 'POST', path: '/api/phases', as: user, body: '{"name":"Daily"}' });
  const first = await service.send(request);
  service.passMinutes(24 * 60 - 1);
  sameAnswer(t, await service.send(await signedInAgain(request, ids)), first);
  service.passMinutes(2);
  const later = await signedInAgain(request, ids);
  const answers = await twentyAtOnce(() => service.send(later));
  t.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201]));
  const made = new Set(answers.map(({ body }) => (body as { id: string }).id));
  t.is(made.size, 1);
  t.false(made.has((first.body as { id: string }).id));
});

test.serial(
  'each request with a key clears away a hundred of the oldest that are forgotten, and no others',
  async (t) => {
    const { database, clock } = service.context;
    const { ids } = await samples.addSample();
    await makeAdmin(ids['user_id'] ?? '');
    await database('idempotency_keys').delete();
    const add = (name: string, count: number, hours: number) =>
      database.raw(
        `insert into idempotency_keys (user_id, operation_id, key, request_hash, created_at)
         select ?, 'createPhase', ? || n, '', cast(? as timestamptz) - ? * interval '1 hour' - n * interval '1 second'
           from generate_series(1, ?) n`,
        [ids['user_id'] ?? '', name, clock().toISOString(), hours, count],
      );
    await add('old', 150, 25);
    await add('young', 5, 23);
    const keys = async () =>
      (await database<{ key: string }>('idempotency_keys').orderBy('created_at').select('key')).map(
        ({ key }) => key,
      );
    const once = async () => {
      const request = keyed({ method: 'POST', path: '/api/phases', body: '{"name":"Next"}' });
      t.is((await service.send(await signedInAgain(request, ids))).status, 201);
    };
    await once();
    const left = await keys();
    t.is(left.length, 50 + 5 + 1);
    t.is(left[0], 'old50');
    await once();
    t.deepEqual((await keys()).slice(0, 5), ['young5', 'young4', 'young3', 'young2', 'young1']);
    t.is((await keys()).length, 5 + 2);
  },
);

interface Assertions {
  is(actual: unknown, expected: unknown): void;
  deepEqual(actual: unknown, expected: unknown): void;
}

function sameAnswer(t: Assertions, actual: Answer<unknown>, expected: Answer<unknown>): void {
  t.is(actual.status, expected.status);
  t.deepEqual(actual.body, expected.body);
  t.is(actual.headers.get('Location'), expected.headers.get('Location'));
}

function keyed(request: RawRequest): RawRequest {
  return { ...request, headers: { 'Idempotency-Key': randomUUID() } };
}

function keyOf({ headers }: RawRequest): string {
  return headers?.['Idempotency-Key'] ?? '';
}

function operationOf(id: string): Operation {
  const operation = repeatable.find((each) => each.id === id);
  if (!operation) throw new Error(`${id} takes no Idempotency-Key`);
  return operation;
}

/** The same without what belongs to one request only. */
function problemOf({ body }: Answer<unknown>) {
  const { request_id, ...problem } = body as { request_id: string };
  return { ...problem, request_id: typeof request_id };
}

/** Refused by the state: as done already, or about something that does not exist. */
async function refused(request: RawRequest): Promise<RawRequest> {
  const done = await service.send(request);
  const again = await service.send(request);
  if (done.status < 300 && again.status >= 400) return request;
  const body = JSON.parse(String(request.body)) as Record<string, string>;
  const references = Object.keys(body).filter((name) => name.endsWith('_id'));
  const [reference] = references;
  if (reference !== undefined)
    return { ...request, body: JSON.stringify({ ...body, [reference]: randomUUID() }) };
  const key = Object.keys(body).find((name) => name.endsWith('_key'));
  return key === undefined
    ? request
    : { ...request, body: JSON.stringify({ ...body, [key]: 'no-such-key' }) };
}

/** How many rows each table has, but for what keys and sessions leave. */
async function countRows(): Promise<Record<string, number>> {
  const { database } = service.context;
  const { rows: tables } = await database.raw<{ rows: { name: string }[] }>(
    `select table_name as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not in ('idempotency_keys', 'sessions')`,
  );
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await database(name).count({ count: '*' });
      return [name, Number(row?.['count'])] as const;
    }),
  );
  return Object.fromEntries(counts);
}

/** By how many rows each table grows. */
async function effectOf(act: () => Promise<Answer<unknown>[]>) {
  const before = await countRows();
  const answers = await act();
  const effect: Record<string, number> = {};
  for (const [name, count] of Object.entries(await countRows())) effect[name] = count - (before[name] ?? 0);
  return { effect, answers };
}

/** A request that can't go on before it is released: another connection holds what it needs. */
async function heldBack() {
  const other = connectDatabase(service.databaseUrl, { statementLimit: 60_000 });
  const holding = await other.transaction();
  await holding.raw('lock table phases in share mode');
  return {
    request: keyed({ method: 'POST', path: '/api/phases', as: samples.admin, body: '{"name":"Waiting"}' }),
    firstWaits: () => until('the first waits', () => lockWaiter(other)),
    release: async () => {
      await holding.commit();
      await other.destroy();
    },
  };
}

/** By a new session: an access token is good for less than a day. */
async function signedInAgain(request: RawRequest, ids: Ids): Promise<RawRequest> {
  return { ...request, as: await startSession(service.context, ids['user_id'] ?? '') };
}

async function makeAdmin(id: string): Promise<void> {
  await service.context.database('users').where({ id }).update({ is_platform_admin: true });
}
