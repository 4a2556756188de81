import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp } from './helpers/people.ts';
import { roleIn } from './helpers/project-roles.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

test('POST /api/projects/{project_id}/access/users answers 201 with the grant, a member unless said otherwise', async (t) => {
  const [manager, person] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(manager);
  const { status, body } = await service.send({
    method: 'POST',
    path: `/api/projects/${project.id}/access/users`,
    as: manager,
    body: JSON.stringify({ user_id: person.id }),
  });
  t.is(status, 201);
  const { id, granted_at, ...access } = body as Schema<'ProjectUserAccess'>;
  t.deepEqual(access, {
    project_id: project.id,
    user_id: person.id,
    email: person.email,
    display_name: person.display_name,
    avatar_url: person.avatar_url,
    role: 'member',
  });
  t.regex(id, /^[0-9a-f-]{36}$/);
  t.regex(granted_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
});

test('POST /api/projects/{project_id}/access/users gives the role that it says', async (t) => {
  const project = await work.addProject(work.admin);
  for (const role of ['member', 'manager'] as const) {
    const person = await signUp(service);
    t.is(await roleIn(service, project, person), 'none');
    const path = { project_id: project.id };
    const body = { user_id: person.id, role };
    await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
    t.is(await roleIn(service, project, person), role);
  }
});

test('POST /api/projects/{project_id}/access/users again answers 200 with the same grant, its role unchanged', async (t) => {
  const project = await work.addProject(work.admin);
  const path = { project_id: project.id };
  for (const [first, second] of [
    ['member', 'manager'],
    ['manager', 'member'],
    ['manager', 'manager'],
  ] as const) {
    const person = await signUp(service);
    const grant = { as: work.admin, path, body: { user_id: person.id, role: first } };
    const { body: access } = await service.call('grantProjectUserAccess', 201, grant);
    const { body: again } = await service.call('grantProjectUserAccess', 200, {
      as: work.admin,
      path,
      body: { user_id: person.id.toUpperCase(), role: second },
    });
    t.deepEqual(again, access);
    t.is(await roleIn(service, project, person), first);
  }
});

test('Twenty grants to one user at once make one grant', async (t) => {
  const [project, person] = [await work.addProject(work.admin), await signUp(service)];
  const answers = await twentyAtOnce(() =>
    service.send({
      method: 'POST',
      path: `/api/projects/${project.id}/access/users`,
      as: work.admin,
      body: JSON.stringify({ user_id: person.id }),
    }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 200).sort(),
  );
  t.is(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
});

test('POST /api/projects/{project_id}/access/users answers 422 for an unknown user', async (t) => {
  const project = await work.addProject(work.admin);
  const { body } = await service.call('grantProjectUserAccess', 422, {
    as: work.admin,
    path: { project_id: project.id },
    body: { user_id: randomUUID(), role: 'member' },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.regex(body.detail, /user/);
});

test('POST /api/projects/{project_id}/access/users answers 404 to a platform admin for an unknown project', async (t) => {
  for (const user_id of [work.admin.id, randomUUID()]) {
    const path = { project_id: randomUUID() };
    const answer = await service.call('grantProjectUserAccess', 404, {
      as: work.admin,
      path,
      body: { user_id, role: 'member' },
    });
    t.is(answer.body.code, 'NOT_FOUND');
  }
});

test('POST /api/projects/{project_id}/access/users answers 400 for another role', async (t) => {
  const project = await work.addProject(work.admin);
  for (const role of ['owner', '', null, 'Manager']) {
    const { status, body } = await service.send({
      method: 'POST',
      path: `/api/projects/${project.id}/access/users`,
      as: work.admin,
      body: JSON.stringify({ user_id: work.admin.id, role }),
    });
    t.like({ status, body }, { status: 400, body: { errors: [{ in: 'body', path: 'role' }] } });
  }
});

for (const path of ['access/users', 'access/organizations']) {
  test(`POST /api/projects/{project_id}/${path} answers 403 to a member`, async (t) => {
    const [project, member] = [await work.addProject(work.admin), await signUp(service)];
    const body = { user_id: member.id, role: 'member' } as const;
    const at = { project_id: project.id };
    await service.call('grantProjectUserAccess', 201, { as: work.admin, path: at, body });
    const organization = await createOrganization(service, { manager_id: member.id });
    const { status } = await service.send({
      method: 'POST',
      path: `/api/projects/${project.id}/${path}`,
      as: member,
      body: JSON.stringify(
        path === 'access/users' ? { ...body, role: 'manager' } : { organization_id: organization.id },
      ),
    });
    t.is(status, 403);
    t.is(await roleIn(service, project, member), 'member');
  });

  for (const { title, status, code, ...sent } of unreadableBodies) {
    test(`POST /api/projects/{project_id}/${path} answers ${status} for ${title}`, async (t) => {
      const { id } = await work.addProject(work.admin);
      const request = { method: 'POST', path: `/api/projects/${id}/${path}`, as: work.admin, ...sent };
      t.like(await service.send(request), { status, body: { code } });
    });
  }
}

test('POST /api/projects/{project_id}/access/organizations answers 201 with the grant, and 200 with the same again', async (t) => {
  const [project, organization] = [await work.addProject(work.admin), await createOrganization(service)];
  const path = { project_id: project.id };
  const { body: access } = await service.call('grantProjectOrganizationAccess', 201, {
    as: work.admin,
    path,
    body: { organization_id: organization.id },
  });
  t.like(access, {
    project_id: project.id,
    organization_id: organization.id,
    name: organization.name,
    slug: organization.slug,
  });
  const { body: again } = await service.call('grantProjectOrganizationAccess', 200, {
    as: work.admin,
    path,
    body: { organization_id: organization.id.toUpperCase() },
  });
  t.deepEqual(again, access);
});

test('Access that came with a new project is answered when it is granted again', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const { body } = await service.call('grantProjectOrganizationAccess', 200, {
    as: work.admin,
    path: { project_id: project.id },
    body: { organization_id: organization.id },
  });
  t.is(body.granted_at, project.created_at);
});

test('Twenty grants to one organization at once make one grant', async (t) => {
  const [project, organization] = [await work.addProject(work.admin), await createOrganization(service)];
  const answers = await twentyAtOnce(() =>
    service.send({
      method: 'POST',
      path: `/api/projects/${project.id}/access/organizations`,
      as: work.admin,
      body: JSON.stringify({ organization_id: organization.id }),
    }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 200).sort(),
  );
  t.is(new Set(answers.map(({ body }) => JSON.stringify(body))).size, 1);
});

test('POST /api/projects/{project_id}/access/organizations answers 422 for an unknown organization', async (t) => {
  const project = await work.addProject(work.admin);
  const { body } = await service.call('grantProjectOrganizationAccess', 422, {
    as: work.admin,
    path: { project_id: project.id },
    body: { organization_id: randomUUID() },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.regex(body.detail, /organization/);
});

test('POST /api/projects/{project_id}/access/organizations answers 404 to a platform admin for an unknown project', async (t) => {
  const organization = await createOrganization(service);
  for (const organization_id of [organization.id, randomUUID()]) {
    const path = { project_id: randomUUID() };
    const answer = await service.call('grantProjectOrganizationAccess', 404, {
      as: work.admin,
      path,
      body: { organization_id },
    });
    t.is(answer.body.code, 'NOT_FOUND');
  }
});

test('An organization with access makes its members members and its managers managers', async (t) => {
  const named = await signUp(service);
  const organization = await createOrganization(service, { manager_id: named.id });
  const manager = await memberOf(service, organization, 'manager');
  const member = await memberOf(service, organization, 'member');
  const project = await work.addProject(work.admin);
  for (const person of [named, manager, member]) t.is(await roleIn(service, project, person), 'none');
  const path = { project_id: project.id };
  const body = { organization_id: organization.id };
  await service.call('grantProjectOrganizationAccess', 201, { as: work.admin, path, body });
  t.is(await roleIn(service, project, named), 'manager');
  t.is(await roleIn(service, project, manager), 'manager');
  t.is(await roleIn(service, project, member), 'member');
  t.is(await roleIn(service, project, await memberOf(service, organization, 'member')), 'member');
});

test('Somebody who leaves the organization has no access on the very next request', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  for (const role of ['member', 'manager'] as const) {
    const person = await memberOf(service, organization, role);
    t.is(await roleIn(service, project, person), role);
    await service.context.database('organization_members').where({ user_id: person.id }).delete();
    t.is(await roleIn(service, project, person), 'none');
    t.deepEqual((await service.call('listProjects', 200, { as: person })).body, []);
  }
});

test('Whoever is no longer the manager_id has no access on the very next request', async (t) => {
  const person = await signUp(service);
  const { id } = await createOrganization(service, { manager_id: person.id });
  const project = await work.addProject(work.admin, { organization_id: id });
  t.is(await roleIn(service, project, person), 'manager');
  await service.context.database('organizations').where({ id }).update({ manager_id: null });
  t.is(await roleIn(service, project, person), 'none');
});

test('A direct role and one through an organization count for what they give together', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const path = { project_id: project.id };
  const body = { user_id: manager.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
  t.is(await roleIn(service, project, manager), 'manager');
  await service.context.database('organization_members').where({ user_id: manager.id }).delete();
  t.is(await roleIn(service, project, manager), 'member');
});
