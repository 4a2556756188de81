import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { logIn, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

async function grant(project: { id: string }, person: { id: string }, role: 'member' | 'manager') {
  const request = { as: work.admin, path: { project_id: project.id } };
  const body = { user_id: person.id, role };
  return (await service.call('grantProjectUserAccess', 201, { ...request, body })).body;
}

test('GET /api/projects/{project_id}/access/users shows who has access themselves, as people, by e-mail', async (t) => {
  const owner = await signUp(service, { email: 'm-owner@example.org' });
  const project = await work.addProject(owner);
  const path = { project_id: project.id };
  const grants: Schema<'ProjectUserAccess'>[] = [];
  for (const [email, role] of [
    ['z-helper@example.org', 'member'],
    ['a-helper@example.org', 'manager'],
    ['n-helper@example.org', 'member'],
  ] as const) {
    const person = await signUp(service, { email });
    const details = { display_name: `Helper ${role}`, avatar_url: `https://example.org/${role}.png` };
    await service.call('updateMe', 200, { as: person, body: details });
    const access = await grant(project, person, role);
    t.like(access, { email, role, ...details });
    grants.push(access);
  }
  const { body } = await service.call('listProjectUserAccess', 200, { as: owner, path });
  t.deepEqual(
    body.map(({ email }) => email),
    ['a-helper@example.org', 'm-owner@example.org', 'n-helper@example.org', 'z-helper@example.org'],
  );
  t.like(body[1], { project_id: project.id, user_id: owner.id, role: 'manager', display_name: null });
  for (const access of grants)
    t.deepEqual(
      body.find(({ id }) => id === access.id),
      access,
    );
});

test('GET /api/projects/{project_id}/access/users shows no one who has access through an organization only', async (t) => {
  const organization = await createOrganization(service);
  const member = await memberOf(service, organization, 'member');
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const path = { project_id: project.id };
  const { body } = await service.call('listProjectUserAccess', 200, { as: member, path });
  t.deepEqual(
    body.map(({ user_id }) => user_id),
    [work.admin.id],
  );
});

test('GET /api/projects/{project_id}/access/organizations shows those with access, by name', async (t) => {
  const project = await work.addProject(work.admin);
  const path = { project_id: project.id };
  const grants: Schema<'ProjectOrganizationAccess'>[] = [];
  for (const name of ['River Teams', 'Coastal Teams', 'Mountain Teams', 'Coastal Teams']) {
    const organization = await createOrganization(service, { name });
    const body = { organization_id: organization.id };
    const granted = await service.call('grantProjectOrganizationAccess', 201, { as: work.admin, path, body });
    t.like(granted.body, { name, slug: organization.slug });
    grants.push(granted.body);
  }
  const { body } = await service.call('listProjectOrganizationAccess', 200, { as: work.admin, path });
  const key = ({ name, organization_id }: Schema<'ProjectOrganizationAccess'>) =>
    `${name} ${organization_id}`;
  t.deepEqual(
    body,
    grants.sort((one, another) => (key(one) < key(another) ? -1 : 1)),
  );
});

test('Who has access to a project is for its members to see and for nobody else', async (t) => {
  const organization = await createOrganization(service);
  const through = await memberOf(service, organization, 'member');
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const direct = await signUp(service);
  await grant(project, direct, 'member');
  const path = { project_id: project.id };
  for (const as of [through, direct, work.admin]) {
    t.is((await service.call('listProjectUserAccess', 200, { as, path })).body.length, 2);
    t.is((await service.call('listProjectOrganizationAccess', 200, { as, path })).body.length, 1);
  }
  const stranger = await signUp(service);
  await service.call('listProjectUserAccess', 403, { as: stranger, path });
  await service.call('listProjectOrganizationAccess', 403, { as: stranger, path });
});

test('A project without users or organizations has empty lists', async (t) => {
  const project = await work.addProject(work.admin);
  const request = { as: work.admin, path: { project_id: project.id } };
  t.deepEqual((await service.call('listProjectOrganizationAccess', 200, request)).body, []);
  const path = { ...request.path, user_id: work.admin.id };
  await service.call('revokeProjectUserAccess', 204, { as: work.admin, path });
  t.deepEqual((await service.call('listProjectUserAccess', 200, request)).body, []);
});

test('GET /api/projects/{project_id}/access/users shows an inactive user too, whose access waits for them', async (t) => {
  const [project, person] = [await work.addProject(work.admin), await signUp(service)];
  await grant(project, person, 'member');
  const { database } = service.context;
  await database('users').where({ id: person.id }).update({ is_active: false });
  const path = { project_id: project.id };
  await service.call('getProject', 401, { as: person, path });
  t.is((await service.call('listProjectUserAccess', 200, { as: work.admin, path })).body.length, 2);
  await database('users').where({ id: person.id }).update({ is_active: true });
  await service.call('getProject', 200, { as: await logIn(service, person), path });
  t.pass();
});
