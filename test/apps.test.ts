import test from 'ava';
import { randomUUID } from 'node:crypto';
import type { Schema } from '../src/core/schema.ts';
import { addApp, deactivateApp } from './helpers/apps.ts';
import type { Answer } from './helpers/client.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

const systemRoles = ['admin', 'annotator', 'facilitator', 'reviewer', 'viewer'];
const nowhere = { app_id: randomUUID() };

/** Less than the client's types ask for: the contract has defaults. */
function create(app: Record<string, unknown>): Promise<Answer<unknown>> {
  return service.send({ method: 'POST', path: '/api/apps', as: admin, body: JSON.stringify(app) });
}

test('POST /api/apps answers 201 with an app of which only the key and the name are given', async (t) => {
  const app_key = `app-${randomUUID()}`;
  const answer = await create({ app_key, name: 'Library' });
  t.is(answer.status, 201);
  const body = answer.body as Schema<'App'>;
  t.deepEqual(body, {
    id: body.id,
    app_key,
    name: 'Library',
    description: null,
    icon_url: null,
    app_url: null,
    ios_url: null,
    android_url: null,
    platform: 'web',
    is_active: true,
    auto_approve: false,
    default_role_key: 'viewer',
    created_at: body.created_at,
  });
  t.is(answer.headers.get('Location'), `/api/apps/${body.id}`);
  const found = await service.call('getApp', 200, { as: admin, path: { app_id: body.id } });
  t.deepEqual(found.body, body);
});

test('POST /api/apps keeps whatever else is given', async (t) => {
  const details = {
    description: 'Finished stories.',
    icon_url: 'https://example.org/icon.svg',
    app_url: 'https://example.org/library',
    ios_url: 'https://example.org/ios',
    android_url: 'https://example.org/android',
    platform: 'both',
    is_active: false,
    auto_approve: true,
  } as const;
  t.like(await addApp(service, admin, details), details);
});

test('POST /api/apps gives the app the five system roles', async (t) => {
  const app = await addApp(service, admin);
  const { body } = await service.call('listAppRoles', 200, { as: admin, path: { app_id: app.id } });
  t.deepEqual(
    body.map(({ role_key, label, is_system }) => ({ role_key, label, is_system })),
    systemRoles.map((key) => ({
      role_key: key,
      label: key.replace(/^./, (letter) => letter.toUpperCase()),
      is_system: true,
    })),
  );
});

test('POST /api/apps answers 409 for a key that is taken', async (t) => {
  const { status, body } = await create({ app_key: 'avita', name: 'Another' });
  t.is(status, 409);
  t.like(body, { code: 'APP_KEY_TAKEN' });
});

test('POST /api/apps makes one app of twenty at once', async (t) => {
  const app_key = `app-${randomUUID()}`;
  const answers = await twentyAtOnce(() => create({ app_key, name: 'Library' }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
  t.true(answers.slice(1).every(({ body }) => (body as { code: string }).code === 'APP_KEY_TAKEN'));
  const { body: apps } = await service.call('listApps', 200, { as: admin });
  t.is(apps.filter((app) => app.app_key === app_key).length, 1);
});

test('POST /api/apps answers 400 for keys that are not kebab-case, and for a default role', async (t) => {
  for (const app_key of ['Library', 'story_library', '-library', 'library-', 'story--library', '']) {
    t.is((await create({ app_key, name: 'Library' })).status, 400, app_key);
  }
  t.is((await create({ app_key: 'library', name: 'Library', default_role_key: 'admin' })).status, 400);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST and PATCH of apps answer ${status} for ${title}`, async (t) => {
    for (const [method, path] of [
      ['POST', '/api/apps'],
      ['PATCH', `/api/apps/${nowhere.app_id}`],
    ] as const) {
      const answer = await service.send({ method, path, as: admin, ...sent });
      t.is(answer.status, status);
      t.like(answer.body, { code });
    }
  });
}

test('POST /api/apps is noted', async (t) => {
  const { id, app_key, name } = await addApp(service, admin);
  const [event, ...more] = await eventsAbout(service, { id });
  t.like(event, { action: 'app.created', details: { app_key, name } });
  t.deepEqual(more, []);
});

test('GET /api/apps lists inactive apps too, by name', async (t) => {
  const names = ['1 first', '2 second', '3 third'];
  for (const name of names.toReversed())
    await addApp(service, admin, { name, is_active: name !== '2 second' });
  const { body } = await service.call('listApps', 200, { as: admin });
  t.deepEqual(
    body.map(({ name }) => name).filter((name) => names.includes(name)),
    names,
  );
});

test('GET /api/apps/{app_id} is for everyone signed in, also while the app is inactive', async (t) => {
  const app = await addApp(service, admin, { is_active: false });
  const { body } = await service.call('getApp', 200, {
    as: await signUp(service),
    path: { app_id: app.id },
  });
  t.deepEqual(body, app);
});

test('An app that does not exist is not found', async (t) => {
  await service.call('getApp', 404, { as: admin, path: nowhere });
  await service.call('updateApp', 404, { as: admin, path: nowhere, body: { name: 'Library' } });
  await service.call('deleteApp', 404, { as: admin, path: nowhere });
  t.pass();
});

test('GET /api/apps/my-apps shows the active apps in which the caller holds a role, with their roles', async (t) => {
  const [app, other, inactive] = [
    await addApp(service, admin),
    await addApp(service, admin),
    await addApp(service, admin),
  ];
  const person = await holderOf(service, app.app_key, 'viewer');
  for (const [app_key, role_key] of [
    [app.app_key, 'annotator'],
    [app.app_key, 'reviewer'],
    [other.app_key, 'viewer'],
    [inactive.app_key, 'viewer'],
  ] as const) {
    const body = { target_user_id: person.id, app_key, role_key };
    await service.call('assignRole', 200, { as: admin, body });
  }
  const gone = { target_user_id: person.id, app_key: other.app_key, role_key: 'viewer' };
  await service.call('revokeRole', 200, { as: admin, body: gone });
  await deactivateApp(service, inactive.app_key);

  const { body } = await service.call('listMyApps', 200, { as: person });
  const shown = { ...app, roles: ['annotator', 'reviewer', 'viewer'], is_platform_admin: false };
  t.deepEqual(body, [
    Object.fromEntries(Object.entries(shown).filter(([name]) => name !== 'auto_approve')),
  ] as never);
});

test('GET /api/apps/my-apps shows a platform admin every active app', async (t) => {
  const [app, inactive] = [await addApp(service, admin), await addApp(service, admin)];
  await deactivateApp(service, inactive.app_key);
  const { body } = await service.call('listMyApps', 200, { as: admin });
  t.like(
    body.find(({ id }) => id === app.id),
    { roles: [], is_platform_admin: true },
  );
  t.is(
    body.find(({ id }) => id === inactive.id),
    undefined,
  );
});

test('GET /api/apps/my-apps is empty for who holds no role', async (t) => {
  t.deepEqual((await service.call('listMyApps', 200, { as: await signUp(service) })).body, []);
});

test('PATCH /api/apps/{app_id} changes what is given and leaves the rest', async (t) => {
  const app = await addApp(service, admin, { description: 'Stories.', app_url: 'https://example.org/' });
  const changes = {
    name: 'Archive',
    app_url: null,
    platform: 'mobile',
    default_role_key: 'annotator',
  } as const;
  const { body } = await service.call('updateApp', 200, {
    as: admin,
    path: { app_id: app.id },
    body: changes,
  });
  t.deepEqual(body, { ...app, ...changes });
  t.deepEqual((await service.call('getApp', 200, { as: admin, path: { app_id: app.id } })).body, body);
});

test('PATCH /api/apps/{app_id} answers 400 for an empty body and for the key', async (t) => {
  const { id } = await addApp(service, admin);
  for (const body of ['{}', '{"app_key":"another"}', '{"name":null}', '{"is_active":null}']) {
    t.is((await service.send({ method: 'PATCH', path: `/api/apps/${id}`, as: admin, body })).status, 400);
  }
});

test('PATCH /api/apps/{app_id} answers 422 for a default role that the app does not have', async (t) => {
  const { id: app_id } = await addApp(service, admin);
  const { body } = await service.call('updateApp', 422, {
    as: admin,
    path: { app_id },
    body: { name: 'Archive', default_role_key: 'no-such-role' },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.is((await service.call('getApp', 200, { as: admin, path: { app_id } })).body.name, 'Story Library');
});

test('PATCH /api/apps/{app_id} answers 409 for approving at once without a default role', async (t) => {
  const { id: app_id } = await addApp(service, admin, { auto_approve: true });
  const patch = { as: admin, path: { app_id } };
  await service.call('updateApp', 409, { ...patch, body: { default_role_key: null } });
  await service.call('updateApp', 200, { ...patch, body: { default_role_key: null, auto_approve: false } });
  const { body } = await service.call('updateApp', 409, { ...patch, body: { auto_approve: true } });
  t.is(body.code, 'CONFLICT');
  const both = { auto_approve: true, default_role_key: 'viewer' };
  t.like((await service.call('updateApp', 200, { ...patch, body: both })).body, both);
});

test('PATCH /api/apps/{app_id} lets no role of an inactive app count, and every one again after that', async (t) => {
  const app = await addApp(service, admin);
  const chief = await holderOf(service, app.app_key, 'admin');
  const request = { as: chief, query: { app_key: app.app_key } };
  const set = (is_active: boolean) =>
    service.call('updateApp', 200, { as: admin, path: { app_id: app.id }, body: { is_active } });
  await service.call('listAccessRequests', 200, request);
  await set(false);
  t.deepEqual((await service.call('listAccessRequests', 403, request)).body.held_roles, []);
  t.deepEqual((await service.call('listMyRoles', 200, { as: chief })).body, []);
  await set(true);
  await service.call('listAccessRequests', 200, request);
});

test('PATCH /api/apps/{app_id} is noted with what has changed, and only then', async (t) => {
  const { id, app_key } = await addApp(service, admin);
  const patch = { as: admin, path: { app_id: id } };
  const body = { name: 'Archive', platform: 'web' } as const;
  await service.call('updateApp', 200, { ...patch, body });
  await service.call('updateApp', 200, { ...patch, body });
  const events = (await eventsAbout(service, { id })).filter(({ action }) => action === 'app.updated');
  t.deepEqual(events, [
    {
      action: 'app.updated',
      actor_id: admin.id,
      details: { app_key, changes: { name: 'Archive' } },
    },
  ]);
});

test('DELETE /api/apps/{app_id} takes roles, assignments and requests along, and is noted', async (t) => {
  const app = await addApp(service, admin);
  const [holder, applicant] = [await holderOf(service, app.app_key, 'viewer'), await signUp(service)];
  const { app_key } = app;
  await service.call('createAccessRequest', 201, { as: applicant, body: { app_key } });
  await service.call('deleteApp', 204, { as: admin, path: { app_id: app.id } });

  t.deepEqual((await service.call('listMyRoles', 200, { as: holder })).body, []);
  const { body } = await service.call('getMyAccessRequest', 200, { as: applicant, query: { app_key } });
  t.is(body, null);
  await service.call('listAppRoles', 404, { as: admin, path: { app_id: app.id } });
  await service.call('deleteApp', 404, { as: admin, path: { app_id: app.id } });
  const events = (await eventsAbout(service, app)).filter(({ action }) => action === 'app.deleted');
  t.is(events.length, 1);
  t.like(events[0], { actor_id: admin.id, details: { app_key, name: app.name } });
});

test('DELETE /api/apps/{app_id} and giving a role in it at once leave neither', async (t) => {
  const { id: target_user_id } = await signUp(service);
  await raceInBothOrders(async (race) => {
    const app = await addApp(service, admin);
    const body = JSON.stringify({ target_user_id, app_key: app.app_key, role_key: 'viewer' });
    const [, assigned] = await race(
      () => service.call('deleteApp', 204, { as: admin, path: { app_id: app.id } }),
      () => service.send({ method: 'POST', path: '/api/roles/assign', as: admin, body }),
    );
    t.true([200, 404].includes(assigned.status), String(assigned.status));
    const path = { user_id: target_user_id };
    t.deepEqual((await service.call('listUserRoles', 200, { as: admin, path })).body, []);
  });
});
