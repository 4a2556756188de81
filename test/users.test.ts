import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { deactivateApp, createApp } from './helpers/apps.ts';
import { eventsAbout } from './helpers/audit.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { holderOf, logIn, password, platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const admin = await platformAdmin(service);
const work = await createWork(service);
test.after.always(() => service.stop());

async function update(person: { id: string }, body: Schema<'UpdateUserRequest'>) {
  return (await service.call('updateUser', 200, { as: admin, path: { user_id: person.id }, body })).body;
}

async function remove(person: { id: string }): Promise<void> {
  await service.call('deleteUser', 204, { as: admin, path: { user_id: person.id } });
}

async function read(person: { id: string }, as: Person = admin) {
  return (await service.call('getUser', 200, { as, path: { user_id: person.id } })).body;
}

async function assign(person: { id: string }, app_key: string, role_key: string) {
  const body = { target_user_id: person.id, app_key, role_key };
  return (await service.call('assignRole', 200, { as: admin, body })).body;
}

test('GET /api/users lists everybody with when they came, the newest first', async (t) => {
  const [first, second] = [await signUp(service), await signUp(service)];
  const { body } = await service.call('listUsers', 200, { as: admin });
  const ids = body.map(({ id }) => id);
  t.true(ids.indexOf(second.id) < ids.indexOf(first.id));
  const times = body.map(({ created_at }) => created_at);
  t.deepEqual(times, times.toSorted().reverse());
  t.like(body[ids.indexOf(first.id)], { email: first.email, is_active: true, is_platform_admin: false });
});

test('GET /api/users goes page by page over users who were made in the same millisecond', async (t) => {
  const made = await Promise.all(Array.from({ length: 5 }, () => signUp(service)));
  const ids = made.map(({ id }) => id);
  await service.context
    .database('users')
    .whereIn('id', ids)
    .update({ created_at: '2020-01-01T00:00:00.123Z' });
  const seen: string[] = [];
  let path: string | undefined = '/api/users?limit=2';
  while (path !== undefined) {
    const { body, headers } = await service.send({ method: 'GET', path, as: admin });
    seen.push(...(body as { id: string }[]).map(({ id }) => id));
    path = /^<(.+)>; rel="next"$/.exec(headers.get('Link') ?? '')?.[1];
  }
  t.is(new Set(seen).size, seen.length);
  t.deepEqual(
    seen.filter((id) => ids.includes(id)),
    ids.toSorted().reverse(),
  );
});

test('GET /api/users/{user_id} shows one’s own account, with when it was made', async (t) => {
  const person = await signUp(service);
  const shown = await read(person, person);
  const { access_token, refresh_token, token_type, expires_in, ...user } = person;
  t.truthy([access_token, refresh_token, token_type, expires_in]);
  t.deepEqual(shown, { ...user, created_at: shown.created_at });
});

test('GET /api/users/{user_id} shows anybody to those who give roles or manage an organization', async (t) => {
  const person = await signUp(service);
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  for (const as of [manager, await holderOf(service, 'avita', 'admin')])
    t.is((await read(person, as)).id, person.id);
});

test('GET /api/users/{user_id} answers 403 to a stranger, also for an unknown user, and 404 to an admin', async (t) => {
  const [person, stranger] = [await signUp(service), await signUp(service)];
  for (const user_id of [person.id, randomUUID()])
    await service.call('getUser', 403, { as: stranger, path: { user_id } });
  const { body } = await service.call('getUser', 404, { as: admin, path: { user_id: randomUUID() } });
  t.is(body.code, 'NOT_FOUND');
});

test('GET /api/users/{user_id}/roles lists roles by app and role, those in inactive apps too', async (t) => {
  const [person, app_key] = [await signUp(service), await createApp(service)];
  const granted = [
    await assign(person, 'oral-bridge', 'viewer'),
    await assign(person, app_key, 'viewer'),
    await assign(person, app_key, 'admin'),
  ].map(({ app_key, role_key, granted_at }) => ({ app_key, role_key, granted_at }));
  await assign(person, 'avita', 'viewer');
  await service.call('revokeRole', 200, {
    as: admin,
    body: { target_user_id: person.id, app_key: 'avita', role_key: 'viewer' },
  });
  await deactivateApp(service, app_key);
  const path = { user_id: person.id };
  const expected = [granted[2], granted[1], granted[0]];
  t.deepEqual((await service.call('listUserRoles', 200, { as: admin, path })).body, expected);
  t.deepEqual((await service.call('listUserRoles', 200, { as: person, path })).body, expected);
  const first = await service.call('listUserRoles', 200, { as: person, path, query: { limit: 2 } });
  t.deepEqual(first.body, expected.slice(0, 2));
  const [, next = ''] = /^<(.+)>; rel="next"$/.exec(first.headers.get('Link') ?? '') ?? [];
  t.deepEqual((await service.send({ method: 'GET', path: next, as: person })).body, expected.slice(2));
});

test('GET /api/users/{user_id}/roles is for that user and platform admins, who get 404 for an unknown one', async (t) => {
  const path = { user_id: (await signUp(service)).id };
  await service.call('listUserRoles', 403, { as: await holderOf(service, 'avita', 'admin'), path });
  await service.call('listUserRoles', 404, { as: admin, path: { user_id: randomUUID() } });
  t.pass();
});

test('PATCH /api/users/{user_id} changes what is given and keeps the rest', async (t) => {
  const person = await signUp(service);
  const before = await read(person);
  const avatar_url = 'https://example.org/a.png';
  const changed = await update(person, { display_name: 'Reviewer', avatar_url });
  t.deepEqual(changed, { ...before, display_name: 'Reviewer', avatar_url });
  t.deepEqual(await update(person, { avatar_url: '' }), { ...changed, avatar_url: null });
  t.deepEqual(await update(person, { display_name: null }), before);
  t.deepEqual(await read(person), before);
});

test('PATCH /api/users/{user_id} makes a platform admin, whose next request may do it all, and takes it back', async (t) => {
  const person = await signUp(service);
  await service.call('listUsers', 403, { as: person });
  t.true((await update(person, { is_platform_admin: true })).is_platform_admin);
  await service.call('listUsers', 200, { as: person });
  await update(person, { is_platform_admin: false });
  await service.call('listUsers', 403, { as: person });
});

test('PATCH /api/users/{user_id} that deactivates signs out everywhere, and for good', async (t) => {
  const person = await signUp(service);
  const elsewhere = await logIn(service, person);
  await update(person, { is_active: false });
  for (const { access_token, refresh_token } of [person, elsewhere]) {
    await service.call('getMe', 401, { as: { access_token } });
    await service.call('refreshTokens', 401, { body: { refresh_token } });
  }
  await service.call('logIn', 403, { body: { email: person.email, password } });
  await update(person, { is_active: true });
  for (const { access_token, refresh_token } of [person, elsewhere]) {
    await service.call('getMe', 401, { as: { access_token } });
    await service.call('refreshTokens', 401, { body: { refresh_token } });
  }
  const back = await logIn(service, person);
  t.is((await service.call('listSessions', 200, { as: back })).body.length, 1);
});

test('PATCH /api/users/{user_id} that deactivates keeps the roles for later', async (t) => {
  const person = await holderOf(service, 'avita', 'viewer');
  await update(person, { is_active: false });
  const query = { user_id: person.id, app_key: 'avita', role_key: 'viewer' };
  t.deepEqual((await service.call('checkRole', 200, { as: admin, query })).body, { allowed: false });
  await update(person, { is_active: true });
  t.deepEqual((await service.call('checkRole', 200, { as: admin, query })).body, { allowed: true });
});

for (const ifMatch of [false, true]) {
  const how = ifMatch ? ' under a precondition' : '';
  test(`Signing in while being deactivated${how} leaves no session that comes back`, async (t) => {
    for (let round = 0; round < 10; round += 1) {
      const person = await signUp(service);
      const path = { user_id: person.id };
      const { headers } = await service.call('getUser', 200, { as: admin, path });
      const logIns = Array.from({ length: 3 }, () =>
        service.send({
          method: 'POST',
          path: '/api/auth/login',
          body: JSON.stringify({ email: person.email, password }),
        }),
      );
      await service.call('updateUser', 200, {
        as: admin,
        path,
        body: { is_active: false },
        headers: ifMatch ? { 'If-Match': headers.get('ETag') ?? '' } : {},
      });
      const answers = await Promise.all(logIns);
      t.true(answers.every(({ status }) => [200, 401, 403].includes(status)));
      await update(person, { is_active: true });
      for (const { body } of answers.filter(({ status }) => status === 200)) {
        await service.call('getMe', 401, { as: (body as Schema<'SignedIn'>).tokens });
      }
    }
  });
}

test('PATCH /api/users/{user_id} answers 404 for an unknown user, and 400 for what it does not take', async (t) => {
  const path = { user_id: randomUUID() };
  for (const body of [{ display_name: 'X' }, { is_active: false }, { is_platform_admin: false }])
    await service.call('updateUser', 404, { as: admin, path, body });
  for (const body of [
    {},
    { email: 'other@example.org' },
    { is_active: null },
    { avatar_url: 'no address' },
  ]) {
    const { status } = await service.send({
      method: 'PATCH',
      path: `/api/users/${admin.id}`,
      as: admin,
      body: JSON.stringify(body),
    });
    t.is(status, 400);
  }
});

test('PATCH /api/users/{user_id} is recorded with the flags that changed, and only the names of other fields', async (t) => {
  const person = await signUp(service);
  await update(person, { is_active: false, is_platform_admin: false, display_name: 'Somebody' });
  await update(person, { is_active: false });
  const [event, ...others] = await eventsAbout(service, admin, person);
  t.like(event, { action: 'user.updated', actor_id: admin.id, subject_id: person.id });
  t.deepEqual(event?.details, { is_active: false, profile: ['display_name'] });
  t.deepEqual(
    others.map(({ action }) => action),
    ['user.signed_up'],
  );
});

test('DELETE /api/users/{user_id} takes everything that was theirs alone, and leaves the rest', async (t) => {
  const person = await holderOf(service, 'avita', 'viewer');
  const [project, organization] = [
    await work.addProject(person),
    await createOrganization(service, { manager_id: person.id }),
  ];
  await service.call('addOrganizationMember', 201, {
    as: admin,
    path: { organization_id: organization.id },
    body: { user_id: person.id, role: 'manager' },
  });
  const other = await signUp(service);
  await service.call('createAccessRequest', 201, { as: person, body: { app_key: 'oral-bridge' } });
  await remove(person);

  await service.call('getMe', 401, { as: person });
  await service.call('logIn', 401, { body: { email: person.email, password } });
  await service.call('getUser', 404, { as: admin, path: { user_id: person.id } });
  await service.call('deleteUser', 404, { as: admin, path: { user_id: person.id } });
  await service.call('getProject', 200, { as: admin, path: { project_id: project.id } });
  const { body } = await service.call('getOrganization', 200, {
    as: other,
    path: { organization_id: organization.id },
  });
  t.is(body.manager_id, null);
  for (const table of [
    'sessions',
    'role_assignments',
    'organization_members',
    'project_user_access',
    'access_requests',
  ])
    t.deepEqual(await service.context.database(table).where({ user_id: person.id }), [], table);
  const events = await eventsAbout(service, admin, person);
  t.like(events[0], { action: 'user.deleted', actor_id: admin.id, details: {} });
  t.true(events.some(({ action }) => action === 'role.assigned'));
  await signUp(service, { email: person.email });
});

test('DELETE /api/users/{user_id} keeps the roles that they gave to others', async (t) => {
  const [giver, person] = [await holderOf(service, 'avita', 'admin'), await signUp(service)];
  const body = { target_user_id: person.id, app_key: 'avita', role_key: 'viewer' };
  await service.call('assignRole', 200, { as: giver, body });
  await remove(giver);
  const { body: roles } = await service.call('listUserRoles', 200, {
    as: person,
    path: { user_id: person.id },
  });
  t.is(roles.length, 1);
});

test('DELETE /api/users/{user_id} may take the last manager from a project that others use', async (t) => {
  const [manager, member] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(manager);
  const path = { project_id: project.id };
  await service.call('grantProjectUserAccess', 201, {
    as: manager,
    path,
    body: { user_id: member.id, role: 'member' },
  });
  await remove(manager);
  await service.call('getProject', 200, { as: member, path });
  t.pass();
});

test('Whoever acts while their account is deleted is done or refused', async (t) => {
  for (let round = 0; round < 15; round += 1) {
    const [giver, person] = [await holderOf(service, 'avita', 'admin'), await signUp(service)];
    const held = { target_user_id: person.id, app_key: 'avita', role_key: 'viewer' };
    const send = (method: string, path: string, body: object, key?: string) =>
      service.send({
        method,
        path,
        as: giver,
        body: JSON.stringify(body),
        ...(key && { headers: { 'Idempotency-Key': key } }),
      });
    await service.call('assignRole', 200, { as: giver, body: held });
    const acting = [
      send('POST', '/api/roles/revoke', held),
      send('POST', '/api/roles/assign', { ...held, role_key: 'reviewer' }),
      send('POST', '/api/auth/login', { email: giver.email, password }),
      send('POST', '/api/access-requests', { app_key: 'oral-bridge' }, randomUUID()),
      send('PATCH', '/api/auth/me', { display_name: 'Still here' }),
      send('POST', '/api/auth/change-password', { current_password: password, new_password: `${password}!` }),
    ];
    if (round % 2 === 0) await Promise.race(acting);
    const deleted = service.send({ method: 'DELETE', path: `/api/users/${giver.id}`, as: admin });
    for (const { status, body } of await Promise.all(acting)) t.true(status < 500, JSON.stringify(body));
    t.is((await deleted).status, 204);
  }
});
