import test from 'ava';
import { randomUUID } from 'node:crypto';
import { createApp, deactivateApp } from './helpers/apps.ts';
import type { Signed } from './helpers/client.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

async function isAllowed(as: Signed, user: { id: string }, app_key: string, role_key: string) {
  const query = { user_id: user.id, app_key, role_key };
  const { body } = await service.call('checkRole', 200, { as, query });
  return body.allowed;
}

test('GET /api/roles/check answers whether the role is held', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  t.true(await isAllowed(admin, viewer, 'avita', 'viewer'));
  t.false(await isAllowed(admin, viewer, 'avita', 'admin'));
  t.false(await isAllowed(admin, viewer, 'oral-bridge', 'viewer'));
});

test('GET /api/roles/check knows no role that is not held, even for a platform admin', async (t) => {
  t.false(await isAllowed(admin, admin, 'avita', 'admin'));
});

test('GET /api/roles/check answers no once the role was taken back, and yes when it is given again', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  const body = { target_user_id: viewer.id, app_key: 'avita', role_key: 'viewer' };
  await service.call('revokeRole', 200, { as: admin, body });
  t.false(await isAllowed(viewer, viewer, 'avita', 'viewer'));
  await service.call('assignRole', 200, { as: admin, body });
  t.true(await isAllowed(viewer, viewer, 'avita', 'viewer'));
});

test('GET /api/roles/check answers no for an inactive user', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  await service.context.database('users').where({ id: viewer.id }).update({ is_active: false });
  t.false(await isAllowed(admin, viewer, 'avita', 'viewer'));
});

test('GET /api/roles/check answers no for an inactive app', async (t) => {
  const app_key = await createApp(service);
  const viewer = await holderOf(service, app_key, 'viewer');
  t.true(await isAllowed(viewer, viewer, app_key, 'viewer'));
  await deactivateApp(service, app_key);
  t.false(await isAllowed(viewer, viewer, app_key, 'viewer'));
});

test('GET /api/roles/check answers no for an unknown user, app or role', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  t.false(await isAllowed(admin, { id: randomUUID() }, 'avita', 'viewer'));
  t.false(await isAllowed(admin, viewer, 'no-such-app', 'viewer'));
  t.false(await isAllowed(admin, viewer, 'avita', 'no-such-role'));
});

test('GET /api/roles/check is open to everyone about themselves, whatever they ask', async (t) => {
  const person = await signUp(service);
  t.false(await isAllowed(person, person, 'avita', 'viewer'));
  t.false(await isAllowed(person, person, 'no-such-app', 'no-such-role'));
});

test('GET /api/roles/check takes the id in capitals', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  t.true(await isAllowed(viewer, { id: viewer.id.toUpperCase() }, 'avita', 'viewer'));
});

test('GET /api/roles/check is open to whoever holds any role in the app, about anybody', async (t) => {
  const [viewer, chief] = [
    await holderOf(service, 'avita', 'viewer'),
    await holderOf(service, 'avita', 'admin'),
  ];
  t.true(await isAllowed(viewer, chief, 'avita', 'admin'));
  t.false(await isAllowed(viewer, { id: randomUUID() }, 'avita', 'admin'));
});

test('GET /api/roles/check answers 403 about others in an app where the caller holds no role', async (t) => {
  const [chief, viewer] = [
    await holderOf(service, 'avita', 'admin'),
    await holderOf(service, 'oral-bridge', 'viewer'),
  ];
  const { body } = await service.call('checkRole', 403, {
    as: chief,
    query: { user_id: viewer.id, app_key: 'oral-bridge', role_key: 'viewer' },
  });
  t.is(body.code, 'FORBIDDEN');
  t.deepEqual(body.required_roles, ['platform:admin', 'user:{query.user_id}', 'app:{query.app_key}:*']);
  t.deepEqual(body.held_roles, []);
});

test('GET /api/roles/check answers 403 about others for a role that was taken back', async (t) => {
  const [former, other] = [await holderOf(service, 'avita', 'viewer'), await signUp(service)];
  await service.call('revokeRole', 200, {
    as: admin,
    body: { target_user_id: former.id, app_key: 'avita', role_key: 'viewer' },
  });
  const query = { user_id: other.id, app_key: 'avita', role_key: 'viewer' };
  t.is((await service.call('checkRole', 403, { as: former, query })).status, 403);
});

test('GET /api/roles/check answers 403 about others in an app that is no longer active', async (t) => {
  const app_key = await createApp(service);
  const [chief, other] = [await holderOf(service, app_key, 'admin'), await signUp(service)];
  await deactivateApp(service, app_key);
  const query = { user_id: other.id, app_key, role_key: 'viewer' };
  t.deepEqual((await service.call('checkRole', 403, { as: chief, query })).body.held_roles, []);
});

test('GET /api/roles/check tells all that is missing or malformed', async (t) => {
  const { status, body } = await service.send({
    method: 'GET',
    path: '/api/roles/check?user_id=nobody&app_key=a%20b&since=1',
    as: admin,
  });
  t.is(status, 400);
  const { errors } = body as { errors: { in: string; path: string }[] };
  t.true(errors.every((error) => error.in === 'query'));
  const paths = new Set(errors.map(({ path }) => path));
  t.deepEqual([...paths].toSorted(), ['app_key', 'role_key', 'since', 'user_id']);
});
