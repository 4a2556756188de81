import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

type Path = Schema<'ProjectAccessPath'>;

const none = { organization_id: null, organization_name: null, membership: null };

async function explain(project: { id: string }, user: { id: string }) {
  const request = { as: work.admin, path: { project_id: project.id }, query: { user_id: user.id } };
  return (await service.call('explainProjectAccess', 200, request)).body;
}

test('GET /api/projects/{project_id}/access/explain shows a grant to the user', async (t) => {
  const [manager, member] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(manager);
  const request = { as: manager, path: { project_id: project.id } };
  const body = { user_id: member.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { ...request, body });
  for (const [user, role] of [
    [manager, 'manager'],
    [member, 'member'],
  ] as const) {
    t.deepEqual(await explain(project, user), {
      user_id: user.id,
      project_id: project.id,
      role,
      paths: [{ kind: 'direct', role, ...none, role_without: null }],
    });
  }
});

test('GET /api/projects/{project_id}/access/explain names each organization and what the user is in it', async (t) => {
  const person = await signUp(service);
  const project = await work.addProject(person);
  const membership = { user_id: person.id, role: 'member' } as const;
  const path = { project_id: project.id };
  const expected: Path[] = [];
  const organizations = [
    await createOrganization(service, { name: 'River Teams', manager_id: person.id }),
    await createOrganization(service, { name: 'Coastal Teams' }),
    await createOrganization(service, { name: 'Without members' }),
  ];
  for (const { id: organization_id, name: organization_name, manager_id } of organizations) {
    await service.call('grantProjectOrganizationAccess', 201, {
      as: person,
      path,
      body: { organization_id },
    });
    if (organization_name === 'Without members') continue;
    const added = { as: work.admin, path: { organization_id }, body: membership };
    await service.call('addOrganizationMember', 201, added);
    const through = {
      kind: 'organization',
      organization_id,
      organization_name,
      role_without: 'manager',
    } as const;
    expected.push({ ...through, role: 'member', membership: 'member' });
    if (manager_id) expected.push({ ...through, role: 'manager', membership: 'named_manager' });
  }
  const direct = { kind: 'direct', role: 'manager', ...none, role_without: 'manager' } as const;
  const [river, named, coastal] = expected;
  t.deepEqual((await explain(project, person)).paths, [coastal, river, named, direct] as Path[]);
});

test('GET /api/projects/{project_id}/access/explain shows that a platform admin needs no grant', async (t) => {
  const [admin, project] = [await platformAdmin(service), await work.addProject(await signUp(service))];
  const { role, paths } = await explain(project, admin);
  t.is(role, 'manager');
  t.deepEqual(paths, [{ kind: 'platform_admin', role: 'manager', ...none, role_without: null }]);
});

test('GET /api/projects/{project_id}/access/explain shows that strangers, the unknown and the inactive have no access', async (t) => {
  const [stranger, inactive] = [await signUp(service), await platformAdmin(service)];
  const project = await work.addProject(inactive);
  await service.context.database('users').where({ id: inactive.id }).update({ is_active: false });
  for (const user of [stranger, inactive, { id: randomUUID() }]) {
    const expected = { user_id: user.id, project_id: project.id, role: null, paths: [] };
    t.deepEqual(await explain(project, user), expected);
  }
});

test('GET /api/projects/{project_id}/access/explain answers ids in lower case', async (t) => {
  const project = await work.addProject(work.admin);
  const upper = [project, work.admin].map(({ id }) => ({ id: id.toUpperCase() })) as [Person, Person];
  t.deepEqual(await explain(...upper), await explain(project, work.admin));
});

test('GET /api/projects/{project_id}/access/explain is for managers of the project, also through an organization', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const request = { path: { project_id: project.id }, query: { user_id: work.admin.id } };
  const manager = await memberOf(service, organization, 'manager');
  const member = await memberOf(service, organization, 'member');
  await service.call('explainProjectAccess', 200, { as: manager, ...request });
  await service.call('explainProjectAccess', 403, { as: member, ...request });
  const own = { path: request.path, query: { user_id: member.id } };
  await service.call('explainProjectAccess', 403, { as: member, ...own });
  t.pass();
});

test('GET /api/projects/{project_id}/access/explain answers 400 without a user or with a malformed id', async (t) => {
  const { id } = await work.addProject(work.admin);
  const path = `/api/projects/${id}/access/explain`;
  for (const query of ['', '?user_id=', '?user_id=no-id']) {
    const answer = await service.send({ method: 'GET', path: path + query, as: work.admin });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, query);
  }
});
