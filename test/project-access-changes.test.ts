import { randomUUID } from 'node:crypto';
import test from 'ava';
import { eventsAbout } from './helpers/recorded-events.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp, type Person } from './helpers/people.ts';
import { roleIn } from './helpers/project-roles.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

type Role = 'member' | 'manager';

const at = (project: { id: string }, person: { id: string }) => ({
  path: { project_id: project.id, user_id: person.id },
});

/** Somebody who has just been given access. */
async function addPerson(project: { id: string }, role: Role): Promise<Person> {
  const person = await signUp(service);
  const request = { as: work.admin, path: { project_id: project.id } };
  await service.call('grantProjectUserAccess', 201, { ...request, body: { user_id: person.id, role } });
  return person;
}

async function eventsOf(subject: { id: string }, project: { id: string }) {
  const events = await eventsAbout(service, subject);
  return events.filter(({ details }) => details['project_id'] === project.id);
}

test('PATCH /api/projects/{project_id}/access/users/{user_id} changes the role and answers the grant', async (t) => {
  const manager = await signUp(service);
  const project = await work.addProject(manager);
  const person = await addPerson(project, 'member');
  const path = { project_id: project.id };
  const { body: list } = await service.call('listProjectUserAccess', 200, { as: manager, path });
  const grant = list.find(({ user_id }) => user_id === person.id);
  for (const role of ['manager', 'manager', 'member', 'member'] as const) {
    const request = { as: manager, ...at(project, person), body: { role } };
    const { body } = await service.call('updateProjectUserAccess', 200, request);
    t.deepEqual(body, { ...grant, role } as typeof body);
    t.is(await roleIn(service, project, person), role);
  }
});

test('PATCH /api/projects/{project_id}/access/users/{user_id} answers 400 for anything but a role', async (t) => {
  const project = await work.addProject(work.admin);
  const path = `/api/projects/${project.id}/access/users/${work.admin.id}`;
  for (const body of ['{}', '{"role": "owner"}', '{"role": null}', '{"role": "member", "user_id": null}']) {
    const answer = await service.send({ method: 'PATCH', path, as: work.admin, body });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, body);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/projects/{project_id}/access/users/{user_id} answers ${status} for ${title}`, async (t) => {
    const project = await work.addProject(work.admin);
    const path = `/api/projects/${project.id}/access/users/${work.admin.id}`;
    t.like(await service.send({ method: 'PATCH', path, as: work.admin, ...sent }), {
      status,
      body: { code },
    });
  });
}

test('Access that is not there can be neither changed nor taken back', async (t) => {
  const [project, stranger] = [await work.addProject(work.admin), await signUp(service)];
  const organization = await createOrganization(service, { manager_id: stranger.id });
  const granted = { path: { project_id: project.id }, body: { organization_id: organization.id } };
  await service.call('grantProjectOrganizationAccess', 201, { as: work.admin, ...granted });
  const nowhere = { id: randomUUID() };
  for (const request of [at(project, stranger), at(project, nowhere), at(nowhere, work.admin)]) {
    const changed = { as: work.admin, ...request, body: { role: 'member' } as const };
    t.is((await service.call('updateProjectUserAccess', 404, changed)).body.code, 'NOT_FOUND');
    const revoked = { as: work.admin, ...request };
    t.is((await service.call('revokeProjectUserAccess', 404, revoked)).body.code, 'NOT_FOUND');
  }
  const other = await createOrganization(service);
  for (const path of [
    { project_id: project.id, organization_id: other.id },
    { project_id: project.id, organization_id: nowhere.id },
    { project_id: nowhere.id, organization_id: organization.id },
  ]) {
    const request = { as: work.admin, path };
    t.is((await service.call('revokeProjectOrganizationAccess', 404, request)).body.code, 'NOT_FOUND');
  }
});

test('A stranger who leaves a project learns nothing about it', async (t) => {
  const [project, stranger] = [await work.addProject(work.admin), await signUp(service)];
  const leave = async (from: { id: string }) =>
    (await service.call('revokeProjectUserAccess', 404, { as: stranger, ...at(from, stranger) })).body;
  t.is((await leave(project)).detail, (await leave({ id: randomUUID() })).detail);
  await service.call('revokeProjectUserAccess', 403, { as: stranger, ...at(project, work.admin) });
});

test('Malformed ids of users and organizations are 400', async (t) => {
  const project = await work.addProject(work.admin);
  const request = { as: work.admin, ...at(project, { id: 'no-id' }) };
  const organization = { as: work.admin, path: { project_id: project.id, organization_id: 'no-id' } };
  t.like((await service.call('revokeProjectUserAccess', 400, request)).body.errors, [{ path: 'user_id' }]);
  const body = { role: 'member' } as const;
  const changed = await service.call('updateProjectUserAccess', 400, { ...request, body });
  t.like(changed.body.errors, [{ path: 'user_id' }]);
  const revoked = await service.call('revokeProjectOrganizationAccess', 400, organization);
  t.like(revoked.body.errors, [{ path: 'organization_id' }]);
});

test('Access that is taken back is refused on the very next request', async (t) => {
  const manager = await signUp(service);
  const project = await work.addProject(manager);
  for (const role of ['member', 'manager'] as const) {
    const person = await addPerson(project, role);
    t.is(await roleIn(service, project, person), role);
    await service.call('revokeProjectUserAccess', 204, { as: manager, ...at(project, person) });
    t.is(await roleIn(service, project, person), 'none');
    t.deepEqual((await service.call('listProjects', 200, { as: person })).body, []);
    await service.call('revokeProjectUserAccess', 404, { as: manager, ...at(project, person) });
  }
});

test('An organization whose access is taken back takes it from its people on the very next request', async (t) => {
  const named = await signUp(service);
  const organization = await createOrganization(service, { manager_id: named.id });
  const manager = await signUp(service);
  const project = await work.addProject(manager);
  const path = { project_id: project.id, organization_id: organization.id };
  const { organization_id } = path;
  await service.call('grantProjectOrganizationAccess', 201, { as: manager, path, body: { organization_id } });
  const people = [named, await memberOf(service, organization, 'manager')];
  people.push(await memberOf(service, organization, 'member'));
  for (const person of people) t.not(await roleIn(service, project, person), 'none');
  await service.call('revokeProjectOrganizationAccess', 204, { as: manager, path });
  for (const person of people) t.is(await roleIn(service, project, person), 'none');
  await service.call('revokeProjectOrganizationAccess', 404, { as: manager, path });
});

test('What somebody has through an organization stays when their own access is taken back', async (t) => {
  const organization = await createOrganization(service);
  const member = await memberOf(service, organization, 'member');
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const body = { user_id: member.id, role: 'manager' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, ...at(project, member), body });
  t.is(await roleIn(service, project, member), 'manager');
  await service.call('revokeProjectUserAccess', 204, { as: member, ...at(project, member) });
  t.is(await roleIn(service, project, member), 'member');
});

test('A plain member may leave, and change or remove nobody', async (t) => {
  const project = await work.addProject(work.admin);
  const [member, other] = [await addPerson(project, 'member'), await addPerson(project, 'member')];
  const body = { role: 'manager' } as const;
  for (const person of [member, other, work.admin]) {
    await service.call('updateProjectUserAccess', 403, { as: member, ...at(project, person), body });
  }
  for (const person of [other, work.admin]) {
    await service.call('revokeProjectUserAccess', 403, { as: member, ...at(project, person) });
  }
  const organization = { project_id: project.id, organization_id: randomUUID() };
  await service.call('revokeProjectOrganizationAccess', 403, { as: member, path: organization });
  await service.call('revokeProjectUserAccess', 204, { as: member, ...at(project, member) });
  t.is(await roleIn(service, project, member), 'none');
});

test('Twenty requests to take one access back at once take it back once', async (t) => {
  const project = await work.addProject(work.admin);
  const person = await addPerson(project, 'manager');
  const path = `/api/projects/${project.id}/access/users/${person.id}`;
  const answers = await twentyAtOnce(() => service.send({ method: 'DELETE', path, as: work.admin }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
  const revocations = (await eventsOf(person, project)).filter(
    ({ action }) => action === 'project_access.revoked',
  );
  t.is(revocations.length, 1);
});

test('Every change of access says in the audit who made it, to whom, and in which project', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service);
  const project = await work.addProject(manager);
  const person = await signUp(service);
  const actor = { actor_id: manager.id };
  const { id: project_id } = project;
  const upper = { path: { project_id: project_id.toUpperCase() } };
  const user = { as: manager, path: { ...upper.path, user_id: person.id.toUpperCase() } };
  const access = { user_id: person.id.toUpperCase(), role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: manager, ...upper, body: access });
  await service.call('grantProjectUserAccess', 200, { as: manager, ...upper, body: access });
  await service.call('updateProjectUserAccess', 200, { ...user, body: { role: 'manager' } });
  await service.call('updateProjectUserAccess', 200, { ...user, body: { role: 'manager' } });
  await service.call('revokeProjectUserAccess', 204, user);
  t.deepEqual(await eventsOf(person, project), [
    { action: 'project_access.granted', ...actor, details: { project_id, role: 'member' } },
    {
      action: 'project_access.updated',
      ...actor,
      details: { project_id, from: { role: 'member' }, to: { role: 'manager' } },
    },
    { action: 'project_access.revoked', ...actor, details: { project_id, role: 'manager' } },
  ]);

  const path = { ...upper.path, organization_id: organization.id.toUpperCase() };
  const { organization_id } = path;
  await service.call('grantProjectOrganizationAccess', 201, { as: manager, path, body: { organization_id } });
  await service.call('revokeProjectOrganizationAccess', 204, { as: manager, path });
  t.deepEqual(await eventsOf(organization, project), [
    { action: 'project_access.granted', ...actor, details: { project_id } },
    { action: 'project_access.revoked', ...actor, details: { project_id } },
  ]);
});

test('Starting and deleting a project are in the audit, with the access that came with it', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service, { manager_id: manager.id });
  const project = await work.addProject(manager, { organization_id: organization.id });
  const { id: project_id, name } = project;
  const actor = { actor_id: manager.id };
  t.deepEqual(await eventsOf(manager, project), [
    { action: 'project_access.granted', ...actor, details: { project_id, role: 'manager' } },
  ]);
  t.deepEqual(await eventsOf(organization, project), [
    { action: 'project_access.granted', ...actor, details: { project_id } },
  ]);
  await service.call('deleteProject', 204, { as: manager, path: { project_id } });
  const events = await eventsAbout(service, project);
  t.deepEqual(events, [
    { action: 'project.created', ...actor, details: { name, organization_id: organization.id } },
    { action: 'project.deleted', ...actor, details: { name } },
  ]);
});
