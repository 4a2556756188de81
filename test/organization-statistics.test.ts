import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const { admin } = work;
test.after.always(() => service.stop());

async function statistics(as: Person, { id: organization_id }: { id: string }) {
  return (await service.call('getOrganizationStatistics', 200, { as, path: { organization_id } })).body;
}

test('GET /api/organizations/{organization_id}/stats counts nothing in a new organization', async (t) => {
  const counts = { project_count: 0, member_count: 0, language_count: 0 };
  t.deepEqual(await statistics(admin, await createOrganization(service)), counts);
});

test('GET /api/organizations/{organization_id}/stats counts the projects it has access to, and each language once', async (t) => {
  const [organization, other] = [await createOrganization(service), await createOrganization(service)];
  const { id: language_id } = await work.addLanguage();
  const project = await work.addProject(admin, { organization_id: organization.id });
  await work.addProject(admin, { organization_id: organization.id });
  await work.addProject(admin, { organization_id: organization.id, language_id });
  await work.addProject(admin, { language_id: (await work.addLanguage()).id });
  await service.call('grantProjectOrganizationAccess', 201, {
    as: admin,
    path: { project_id: project.id },
    body: { organization_id: other.id },
  });
  t.like(await statistics(admin, organization), { project_count: 3, language_count: 2 });
  t.like(await statistics(admin, other), { project_count: 1, language_count: 1 });
});

test('GET /api/organizations/{organization_id}/stats counts members, whoever manages', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  await memberOf(service, organization, 'member');
  await memberOf(service, await createOrganization(service), 'member');
  t.is((await statistics(manager, organization)).member_count, 2);
});

test('GET /api/organizations/{organization_id}/stats counts the named manager once, member or not', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service, { manager_id: manager.id });
  await memberOf(service, organization, 'member');
  t.is((await statistics(manager, organization)).member_count, 2);
  for (const role of ['member', 'manager'] as const) {
    const path = { organization_id: organization.id };
    const body = { user_id: manager.id, role };
    await service.call('addOrganizationMember', 201, { as: admin, path, body });
    t.is((await statistics(manager, organization)).member_count, 2);
    const membership = { ...path, user_id: manager.id };
    await service.call('removeOrganizationMember', 204, { as: admin, path: membership });
  }
});

test('GET /api/organizations/{organization_id}/stats answers members and strangers 403', async (t) => {
  const organization = await createOrganization(service);
  const path = { organization_id: organization.id };
  for (const as of [await memberOf(service, organization, 'member'), await signUp(service)]) {
    const { body } = await service.call('getOrganizationStatistics', 403, { as, path });
    t.is(body.code, 'FORBIDDEN');
  }
});

test('GET /api/organizations/{organization_id}/stats answers 404 for an unknown organization', async (t) => {
  const path = { organization_id: randomUUID() };
  t.is((await service.call('getOrganizationStatistics', 404, { as: admin, path })).body.code, 'NOT_FOUND');
});

test('GET /api/organizations/{organization_id}/stats answers 400 for something that is no id', async (t) => {
  const path = { organization_id: 'stats' };
  const { body } = await service.call('getOrganizationStatistics', 400, { as: admin, path });
  t.like(body.errors?.[0], { in: 'path', path: 'organization_id' });
});
