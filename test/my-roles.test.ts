import test from 'ava';
import { createApp, deactivateApp } from './helpers/apps.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

async function assign(target: Person, ...roles: [app_key: string, role_key: string][]): Promise<void> {
  const as = await platformAdmin(service);
  for (const [app_key, role_key] of roles) {
    await service.call('assignRole', 200, { as, body: { target_user_id: target.id, app_key, role_key } });
  }
}

async function managedBy(as: Person): Promise<string[]> {
  return (await service.call('listMyManagedOrganizations', 200, { as })).body.managed_org_ids;
}

test('GET /api/auth/my-roles lists one’s own roles by app and role', async (t) => {
  const person = await signUp(service);
  await assign(person, ['oral-bridge', 'viewer'], ['avita', 'viewer'], ['avita', 'admin']);
  await assign(await signUp(service), ['avita', 'reviewer']);
  const { body } = await service.call('listMyRoles', 200, { as: person });
  t.deepEqual(body, [
    { app_key: 'avita', role_key: 'admin' },
    { app_key: 'avita', role_key: 'viewer' },
    { app_key: 'oral-bridge', role_key: 'viewer' },
  ]);
});

test('GET /api/auth/my-roles lists the roles in one app when asked to', async (t) => {
  const person = await signUp(service);
  await assign(person, ['oral-bridge', 'viewer'], ['avita', 'viewer']);
  const { body } = await service.call('listMyRoles', 200, { as: person, query: { app_key: 'avita' } });
  t.deepEqual(body, [{ app_key: 'avita', role_key: 'viewer' }]);
});

test('GET /api/auth/my-roles is empty for a newcomer and for an unknown app', async (t) => {
  const as = await signUp(service);
  t.deepEqual((await service.call('listMyRoles', 200, { as })).body, []);
  await assign(as, ['avita', 'viewer']);
  const { body } = await service.call('listMyRoles', 200, { as, query: { app_key: 'no-such-app' } });
  t.deepEqual(body, []);
});

test('GET /api/auth/my-roles leaves out roles that were revoked', async (t) => {
  const person = await signUp(service);
  await assign(person, ['avita', 'viewer'], ['avita', 'reviewer']);
  await service.call('revokeRole', 200, {
    as: await platformAdmin(service),
    body: { target_user_id: person.id, app_key: 'avita', role_key: 'viewer' },
  });
  const { body } = await service.call('listMyRoles', 200, { as: person });
  t.deepEqual(body, [{ app_key: 'avita', role_key: 'reviewer' }]);
});

test('GET /api/auth/my-roles leaves out apps that are not active', async (t) => {
  const [person, app_key] = [await signUp(service), await createApp(service)];
  await assign(person, [app_key, 'viewer'], ['avita', 'viewer']);
  await deactivateApp(service, app_key);
  const { body } = await service.call('listMyRoles', 200, { as: person });
  t.deepEqual(body, [{ app_key: 'avita', role_key: 'viewer' }]);
  const asked = await service.call('listMyRoles', 200, { as: person, query: { app_key } });
  t.deepEqual(asked.body, []);
});

test('GET /api/auth/my-roles answers 400 for an app_key that could be none', async (t) => {
  const as = await signUp(service);
  const { body } = await service.call('listMyRoles', 400, { as, query: { app_key: 'no app' } });
  t.like(body.errors?.[0], { in: 'query', path: 'app_key' });
});

test('GET /api/auth/my-managed-orgs lists organizations managed as a member', async (t) => {
  const organization = await createOrganization(service);
  t.deepEqual(await managedBy(await memberOf(service, organization, 'manager')), [organization.id]);
});

test('GET /api/auth/my-managed-orgs lists organizations that name one as their manager', async (t) => {
  const person = await signUp(service);
  const organization = await createOrganization(service, { manager_id: person.id });
  t.deepEqual(await managedBy(person), [organization.id]);
});

test('GET /api/auth/my-managed-orgs lists an organization once that is managed in both ways', async (t) => {
  const person = await signUp(service);
  const both = await createOrganization(service, { manager_id: person.id });
  const other = await createOrganization(service, { manager_id: person.id });
  await service.call('addOrganizationMember', 201, {
    as: await platformAdmin(service),
    path: { organization_id: both.id },
    body: { user_id: person.id, role: 'manager' },
  });
  t.deepEqual((await managedBy(person)).sort(), [both.id, other.id].sort());
});

test('GET /api/auth/my-managed-orgs leaves out organizations where one is only a member', async (t) => {
  const organization = await createOrganization(service);
  t.deepEqual(await managedBy(await memberOf(service, organization, 'member')), []);
});

test('GET /api/auth/my-managed-orgs is empty for a platform admin who manages none', async (t) => {
  t.deepEqual(await managedBy(await platformAdmin(service)), []);
});
