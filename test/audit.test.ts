import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { eventsAbout } from './helpers/audit.ts';
import { anotherInstance } from './helpers/instances.ts';
import { logIn, password, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

async function list(
  query: Partial<Record<'actor_id' | 'subject_id' | 'since', string>> & {
    action?: Schema<'AuditAction'>;
    limit?: number;
  },
) {
  return (await service.call('listAuditEvents', 200, { as: admin, query })).body;
}

async function record(count: number, subject_id: string): Promise<void> {
  await service.context.database.raw(
    `insert into audit_events (id, action, subject_id, occurred_at)
     select gen_random_uuid(), 'user.updated', ?, now() from generate_series(1, ?)`,
    [subject_id, count],
  );
}

test('GET /api/audit-events tells who did what to whom, when, from where and by which request', async (t) => {
  const person = await signUp(service);
  const before = new Date();
  const { headers } = await service.call('assignRole', 200, {
    as: admin,
    body: { target_user_id: person.id, app_key: 'avita', role_key: 'viewer' },
  });
  const [event] = await eventsAbout(service, admin, person);
  t.like(event, {
    action: 'role.assigned',
    actor_id: admin.id,
    subject_id: person.id,
    request_id: headers.get('X-Request-Id'),
    details: { app_key: 'avita', role_key: 'viewer' },
  });
  t.regex(event?.ip ?? '', /^(127\.0\.0\.1|::1)$/);
  t.true(Math.abs(Date.parse(event?.occurred_at ?? '') - before.getTime()) < 60_000);
});

test('GET /api/audit-events has sign-ups, log-ins, failures and reuse of tokens, in their order', async (t) => {
  const later = await anotherInstance(t, service);
  const person = await signUp(service);
  await logIn(service, person);
  await service.call('logIn', 401, { body: { email: person.email, password: 'not the one' } });
  await service.call('updateUser', 200, {
    as: admin,
    path: { user_id: person.id },
    body: { is_active: false },
  });
  await service.call('logIn', 403, { body: { email: person.email, password } });
  await service.call('updateUser', 200, {
    as: admin,
    path: { user_id: person.id },
    body: { is_active: true },
  });
  const { refresh_token } = await logIn(service, person);
  await later.call('refreshTokens', 200, { body: { refresh_token } });
  later.passMinutes(1);
  await later.call('refreshTokens', 401, { body: { refresh_token } });
  const events = await eventsAbout(service, admin, person);
  t.deepEqual(events.map(({ action, actor_id }) => [action, actor_id]).reverse(), [
    ['user.signed_up', null],
    ['user.logged_in', null],
    ['user.login_failed', null],
    ['user.updated', admin.id],
    ['user.login_failed', null],
    ['user.updated', admin.id],
    ['user.logged_in', null],
    ['session.token_reused', null],
  ]);
});

test('GET /api/audit-events has failed log-ins of unknown people, without what they sent', async (t) => {
  const secret = `${randomUUID()}@example.org`;
  const { headers } = await service.call('logIn', 401, { body: { email: secret, password: secret } });
  const events = await list({ action: 'user.login_failed', limit: 500 });
  const event = events.find(({ request_id }) => request_id === headers.get('X-Request-Id'));
  t.like(event, { actor_id: null, subject_id: null, details: {} });
  t.false(JSON.stringify(events).includes(secret));
});

test('GET /api/audit-events has nothing of a change that was refused', async (t) => {
  const person = await signUp(service);
  await service.call('signUp', 409, { body: { email: person.email, password } });
  const body = { target_user_id: person.id, app_key: 'avita', role_key: 'no-such-role' };
  await service.call('assignRole', 404, { as: admin, body });
  t.is((await eventsAbout(service, admin, person)).length, 1);
});

test('GET /api/audit-events filters by who, whom, what and since when, all of them together', async (t) => {
  const [person, other] = [await platformAdmin(service), await signUp(service)];
  const path = { user_id: other.id };
  await service.call('updateUser', 200, { as: person, path, body: { display_name: 'One' } });
  await service.call('updateUser', 200, { as: person, path, body: { display_name: 'Two' } });
  const body = { target_user_id: other.id, app_key: 'avita', role_key: 'viewer' };
  await service.call('assignRole', 200, { as: person, body });
  t.is((await list({ actor_id: person.id })).length, 3);
  t.is((await list({ subject_id: other.id })).length, 4);
  t.is((await list({ actor_id: person.id, action: 'user.updated' })).length, 2);
  t.is((await list({ actor_id: person.id, subject_id: other.id, action: 'role.assigned' })).length, 1);
  t.is((await list({ actor_id: person.id, subject_id: person.id })).length, 0);
  const [newest] = await list({ actor_id: person.id });
  const since = newest?.occurred_at ?? '';
  t.true((await list({ actor_id: person.id, since })).some(({ id }) => id === newest?.id));
  t.deepEqual(await list({ actor_id: person.id, since: '2999-01-01T00:00:00Z' }), []);
  const elsewhere = new Date(Date.parse(since) + 3_600_000).toISOString().replace('Z', '+01:00');
  t.deepEqual(
    await list({ actor_id: person.id, since: elsewhere }),
    await list({ actor_id: person.id, since }),
  );
});

for (const since of [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00+14:00',
  '9999-12-31T23:59:59.999999999Z',
  '2024-02-29t12:00:00z',
  '2016-12-31T23:59:60Z',
  '2024-01-01T00:00:00-23:59',
  '2024-01-01 00:00:00Z',
  '2023-02-29T00:00:00Z',
  '2024-01-01',
  'now',
])
  // prettier-ignore
  test(`GET /api/audit-events takes ${since} or says what is wrong with it`, async (t) => {
    const path = `/api/audit-events?since=${encodeURIComponent(since)}`;
    const { status } = await service.send({ method: 'GET', path, as: admin });
    t.true(status === 200 || status === 400, `${status}`);
  });

test('GET /api/audit-events comes in pages of 100 unless told otherwise, and no event twice while new ones arrive', async (t) => {
  const subject_id = randomUUID();
  await record(250, subject_id);
  const sizes: number[] = [];
  const seen: string[] = [];
  let path: string | undefined = `/api/audit-events?subject_id=${subject_id}`;
  while (path !== undefined) {
    const { body, headers } = await service.send({ method: 'GET', path, as: admin });
    const events = body as Schema<'AuditEvent'>[];
    sizes.push(events.length);
    seen.push(...events.map(({ id }) => id));
    path = /^<(.+)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];
    await record(7, subject_id);
  }
  t.deepEqual(sizes, [100, 100, 50]);
  t.is(new Set(seen).size, 250);
  t.is((await list({ subject_id, limit: 3 })).length, 3);
});

test('GET /api/audit-events is for platform admins', async (t) => {
  await service.call('listAuditEvents', 403, { as: await signUp(service) });
  t.pass();
});

for (const change of [
  `update audit_events set action = 'user.updated'`,
  `update audit_events set details = '{}' where false`,
  'delete from audit_events',
  'truncate audit_events',
]) {
  test(`The database refuses: ${change}`, async (t) => {
    await t.throwsAsync(
      async () => {
        await service.context.database.raw(change);
      },
      { message: /audit events are only ever added/ },
    );
  });
}
