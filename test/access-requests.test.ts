import test from 'ava';
import { randomUUID } from 'node:crypto';
import type { Schema } from '../src/core/schema.ts';
import { addApp, addRole, deactivateApp } from './helpers/apps.ts';
import { twentyAtOnce } from './helpers/parallel.ts';
import { holderOf, platformAdmin, signUp, type Person } from './helpers/people.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

async function ask(as: Person, { app_key }: { app_key: string }): Promise<Schema<'AccessRequest'>> {
  return (await service.call('createAccessRequest', 201, { as, body: { app_key } })).body;
}

async function review(
  request: { id: string },
  body: Schema<'ReviewAccessRequestRequest'>,
  as = admin,
): Promise<Schema<'AccessRequest'>> {
  const path = { request_id: request.id };
  return (await service.call('reviewAccessRequest', 200, { as, path, body })).body;
}

async function rolesOf(person: Person): Promise<string[]> {
  const { body } = await service.call('listMyRoles', 200, { as: person });
  return body.map(({ app_key, role_key }) => `${app_key}:${role_key}`);
}

test('POST /api/access-requests answers 201 with a pending request', async (t) => {
  const [{ app_key }, person] = [await addApp(service, admin), await signUp(service)];
  const { body } = await service.call('createAccessRequest', 201, {
    as: person,
    body: { app_key, note: 'I lead a team.' },
  });
  t.deepEqual(body, {
    id: body.id,
    user_id: person.id,
    app_key,
    status: 'pending',
    note: 'I lead a team.',
    requested_at: body.requested_at,
    reviewed_by: null,
    reviewed_at: null,
    review_reason: null,
  });
  t.deepEqual(await rolesOf(person), []);
});

test('POST /api/access-requests answers 200 with the request that is pending, then approved', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  const request = await ask(person, app);
  const again = { as: person, body: { app_key: app.app_key, note: 'Please.' } };
  t.deepEqual((await service.call('createAccessRequest', 200, again)).body, request);
  const approved = await review(request, { status: 'approved' });
  t.deepEqual((await service.call('createAccessRequest', 200, again)).body, approved);
});

test('POST /api/access-requests makes one request of twenty at once', async (t) => {
  for (const auto_approve of [false, true]) {
    const [app, person] = [await addApp(service, admin, { auto_approve }), await signUp(service)];
    const body = JSON.stringify({ app_key: app.app_key });
    const answers = await twentyAtOnce(() =>
      service.send({ method: 'POST', path: '/api/access-requests', as: person, body }),
    );
    t.deepEqual(
      answers.map(({ status }) => status),
      [...Array.from({ length: 19 }, () => 200), 201],
    );
    t.is(new Set(answers.map((answer) => (answer.body as { id: string }).id)).size, 1);
    t.is((await rolesOf(person)).length, auto_approve ? 1 : 0);
  }
});

test('POST /api/access-requests answers 404 for an unknown and for an inactive app', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  await ask(person, app);
  await deactivateApp(service, app.app_key);
  for (const app_key of [app.app_key, 'no-such-app']) {
    const { body } = await service.call('createAccessRequest', 404, { as: person, body: { app_key } });
    t.is(body.code, 'NOT_FOUND');
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST and PATCH of access requests answer ${status} for ${title}`, async (t) => {
    for (const [method, path] of [
      ['POST', '/api/access-requests'],
      ['PATCH', `/api/access-requests/${randomUUID()}/review`],
    ] as const) {
      const answer = await service.send({ method, path, as: admin, ...sent });
      t.is(answer.status, status);
      t.like(answer.body, { code });
    }
  });
}

test('POST /api/access-requests is approved at once where the app does so', async (t) => {
  const [app, person] = [await addApp(service, admin, { auto_approve: true }), await signUp(service)];
  const { app_key } = app;
  const request = await ask(person, app);
  t.like(request, { status: 'approved', reviewed_by: null, review_reason: null });
  t.is(typeof request.reviewed_at, 'string');
  t.deepEqual(await rolesOf(person), [`${app_key}:viewer`]);
  const details = { access_request_id: request.id, app_key };
  t.deepEqual((await eventsAbout(service, person)).slice(1), [
    { action: 'access_request.created', actor_id: person.id, details },
    { action: 'access_request.approved', actor_id: null, details: { ...details, role_key: 'viewer' } },
    { action: 'role.assigned', actor_id: null, details: { app_key, role_key: 'viewer' } },
  ]);
});

test('A request may follow one that was rejected', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  const first = await ask(person, app);
  await review(first, { status: 'rejected' });
  const second = await ask(person, app);
  t.not(second.id, first.id);
  const mine = { as: person, query: { app_key: app.app_key } };
  t.deepEqual((await service.call('getMyAccessRequest', 200, mine)).body, second);
});

test('GET /api/access-requests/mine answers null without a request, or without such an app', async (t) => {
  const [{ app_key }, person] = [await addApp(service, admin), await signUp(service)];
  await ask(await signUp(service), { app_key });
  for (const key of [app_key, 'no-such-app']) {
    const query = { app_key: key };
    t.is((await service.call('getMyAccessRequest', 200, { as: person, query })).body, null);
  }
  const path = '/api/access-requests/mine';
  t.is((await service.send({ method: 'GET', path, as: person })).status, 400);
});

test('GET /api/access-requests lists the newest first, by app and status', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const [one, two] = [await signUp(service), await signUp(service)];
  const requests = [await ask(one, app), await ask(two, app), await ask(one, other)];
  const [first, second, third] = requests.map(({ id }) => id);
  await review({ id: first ?? '' }, { status: 'rejected' });
  const list = async (query: { app_key?: string; status?: 'pending' | 'rejected' }) =>
    (await service.call('listAccessRequests', 200, { as: admin, query })).body.map(({ id }) => id);
  const { app_key } = app;
  t.deepEqual(await list({ app_key }), [second, first]);
  t.deepEqual(await list({ app_key, status: 'rejected' }), [first]);
  t.deepEqual(await list({ app_key, status: 'pending' }), [second]);
  t.deepEqual(await list({ app_key: 'no-such-app' }), []);
  const ids = new Set(requests.map(({ id }) => id));
  t.deepEqual(
    (await list({})).filter((id) => ids.has(id)),
    [third, second, first],
  );
});

test('GET /api/access-requests shows an admin of an app those for that app, and only when it is named', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const [chief, person] = [await holderOf(service, app.app_key, 'admin'), await signUp(service)];
  const request = await ask(person, app);
  await ask(person, other);
  const list = (query: { app_key?: string }) => ({ as: chief, query });
  const { body } = await service.call('listAccessRequests', 200, list({ app_key: app.app_key }));
  t.deepEqual(body, [request]);
  await service.call('listAccessRequests', 403, list({ app_key: other.app_key }));
  const refused = await service.call('listAccessRequests', 403, list({}));
  t.is(refused.body.request_access, '/api/access-requests');
});

test('PATCH /api/access-requests/{request_id}/review approves with the default role, and is noted', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  const { app_key } = app;
  const request = await ask(person, app);
  const reviewed = await review(request, { status: 'approved', reason: 'Welcome.' });
  t.deepEqual(reviewed, {
    ...request,
    status: 'approved',
    reviewed_by: admin.id,
    reviewed_at: reviewed.reviewed_at,
    review_reason: 'Welcome.',
  });
  t.is(typeof reviewed.reviewed_at, 'string');
  t.deepEqual(await rolesOf(person), [`${app_key}:viewer`]);
  const details = { access_request_id: request.id, app_key };
  t.deepEqual((await eventsAbout(service, person)).slice(2), [
    { action: 'access_request.approved', actor_id: admin.id, details: { ...details, role_key: 'viewer' } },
    { action: 'role.assigned', actor_id: admin.id, details: { app_key, role_key: 'viewer' } },
  ]);
});

test('PATCH /api/access-requests/{request_id}/review lets an admin of the app give any role of it', async (t) => {
  const app = await addApp(service, admin);
  const { role_key } = await addRole(service, admin, app);
  const chief = await holderOf(service, app.app_key, 'admin');
  for (const key of [role_key, 'admin']) {
    const person = await signUp(service);
    const request = await ask(person, app);
    t.is((await review(request, { status: 'approved', role_key: key }, chief)).reviewed_by, chief.id);
    t.deepEqual(await rolesOf(person), [`${app.app_key}:${key}`]);
  }
});

test('PATCH /api/access-requests/{request_id}/review is not for others in the app, nor for admins of another', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const request = await ask(await signUp(service), app);
  for (const { app_key, role_key, held } of [
    { app_key: app.app_key, role_key: 'facilitator', held: [`app:${app.app_key}:facilitator`] },
    { app_key: other.app_key, role_key: 'admin', held: [] },
  ]) {
    const { body } = await service.call('reviewAccessRequest', 403, {
      as: await holderOf(service, app_key, role_key),
      path: { request_id: request.id },
      body: { status: 'approved' },
    });
    t.deepEqual(body.required_roles, ['platform:admin', 'access_request:{path.request_id}:admin']);
    t.deepEqual(body.held_roles, held);
  }
});

test('PATCH /api/access-requests/{request_id}/review rejects without giving a role, and is noted', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  const request = await ask(person, app);
  const body = { status: 'rejected', reason: 'The team is complete.', role_key: 'no-such-role' } as const;
  t.like(await review(request, body), {
    status: 'rejected',
    reviewed_by: admin.id,
    review_reason: 'The team is complete.',
  });
  t.deepEqual(await rolesOf(person), []);
  const details = { access_request_id: request.id, app_key: app.app_key };
  t.deepEqual((await eventsAbout(service, person)).slice(2), [
    { action: 'access_request.rejected', actor_id: admin.id, details },
  ]);
});

test('PATCH /api/access-requests/{request_id}/review leaves a role that is held already as it is', async (t) => {
  const app = await addApp(service, admin);
  const person = await holderOf(service, app.app_key, 'viewer');
  await review(await ask(person, app), { status: 'approved' });
  t.deepEqual(await rolesOf(person), [`${app.app_key}:viewer`]);
  const assigned = (await eventsAbout(service, person)).filter(({ action }) => action === 'role.assigned');
  t.is(assigned.length, 1);
});

test('PATCH /api/access-requests/{request_id}/review answers 409 the second time', async (t) => {
  const [app, person] = [await addApp(service, admin), await signUp(service)];
  const request = await ask(person, app);
  await review(request, { status: 'rejected' });
  for (const body of [{ status: 'approved' }, { status: 'rejected' }] as const) {
    const path = { request_id: request.id };
    const answer = await service.call('reviewAccessRequest', 409, { as: admin, path, body });
    t.is(answer.body.code, 'ALREADY_REVIEWED');
  }
  t.deepEqual(await rolesOf(person), []);
});

test('PATCH /api/access-requests/{request_id}/review answers 422 for a role that the app does not have, and decides nothing', async (t) => {
  const [app, other] = [await addApp(service, admin), await addApp(service, admin)];
  const { role_key } = await addRole(service, admin, other);
  const person = await signUp(service);
  const request = await ask(person, app);
  const { body } = await service.call('reviewAccessRequest', 422, {
    as: admin,
    path: { request_id: request.id },
    body: { status: 'approved', role_key },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  const mine = { as: person, query: { app_key: app.app_key } };
  t.deepEqual((await service.call('getMyAccessRequest', 200, mine)).body, request);
  t.is((await eventsAbout(service, person)).length, 2);
});

test('PATCH /api/access-requests/{request_id}/review answers 409 without any role to give', async (t) => {
  const app = await addApp(service, admin);
  const request = await ask(await signUp(service), app);
  const path = { app_id: app.id };
  await service.call('updateApp', 200, { as: admin, path, body: { default_role_key: null } });
  const { body } = await service.call('reviewAccessRequest', 409, {
    as: admin,
    path: { request_id: request.id },
    body: { status: 'approved' },
  });
  t.is(body.code, 'CONFLICT');
  t.is((await review(request, { status: 'approved', role_key: 'viewer' })).status, 'approved');
});

test('PATCH /api/access-requests/{request_id}/review answers 404 for a request that does not exist', async (t) => {
  const path = { request_id: randomUUID() };
  const body = { status: 'approved' } as const;
  const answer = await service.call('reviewAccessRequest', 404, { as: admin, path, body });
  t.is(answer.body.code, 'NOT_FOUND');
});
