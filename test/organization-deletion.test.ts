import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const { admin } = work;
const someone = await signUp(service);
test.after.always(() => service.stop());

const at = ({ id }: { id: string }) => ({ path: { organization_id: id } });

/** Without signing anybody up, for the sake of many rounds. */
async function organizationWith(members: readonly { id: string }[] = []): Promise<Schema<'Organization'>> {
  const body = { name: 'Team', slug: randomUUID() };
  const organization = (await service.call('createOrganization', 201, { as: admin, body })).body;
  for (const { id: user_id } of members) {
    const membership = { user_id, role: 'member' as const };
    await service.call('addOrganizationMember', 201, { as: admin, ...at(organization), body: membership });
  }
  return organization;
}

async function rowsLeft({ id: organization_id }: { id: string }): Promise<number> {
  const { database } = service.context;
  const members = await database('organization_members').where({ organization_id });
  const access = await database('project_organization_access').where({ organization_id });
  return members.length + access.length;
}

test('DELETE /api/organizations/{organization_id} answers 204, and 404 from then on', async (t) => {
  const organization = await createOrganization(service);
  const request = { as: admin, ...at(organization) };
  await service.call('deleteOrganization', 204, request);
  t.is((await service.call('deleteOrganization', 404, request)).body.code, 'NOT_FOUND');
  await service.call('getOrganization', 404, request);
  await service.call('updateOrganization', 404, { ...request, body: { name: 'Renamed' } });
  await service.call('getOrganizationBySlug', 404, { as: admin, path: { slug: organization.slug } });
});

test('DELETE /api/organizations/{organization_id} sets its slug free', async (t) => {
  const organization = await createOrganization(service);
  await service.call('deleteOrganization', 204, { as: admin, ...at(organization) });
  const { id, slug } = await createOrganization(service, { slug: organization.slug });
  t.is(slug, organization.slug);
  t.not(id, organization.id);
});

test('DELETE /api/organizations/{organization_id} ends memberships and access to projects, and the projects stay', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  const member = await memberOf(service, organization, 'member');
  const project = await work.addProject(admin, { organization_id: organization.id });
  const path = { project_id: project.id };
  for (const as of [member, someone]) await service.call('getProject', 200, { as, path });

  await service.call('deleteOrganization', 204, { as: admin, ...at(organization) });
  for (const as of [member, someone]) await service.call('getProject', 403, { as, path });
  t.deepEqual((await service.call('getProject', 200, { as: admin, path })).body, project);
  const { body } = await service.call('listMyManagedOrganizations', 200, { as: someone });
  t.false(body.managed_org_ids.includes(organization.id));
  t.is(await rowsLeft(organization), 0);
});

test('DELETE /api/organizations/{organization_id} leaves other organizations as they are', async (t) => {
  const member = await signUp(service);
  const [one, other] = [await organizationWith([member]), await organizationWith([member])];
  const project = await work.addProject(admin, { organization_id: other.id });
  await service.call('deleteOrganization', 204, { as: admin, ...at(one) });
  t.is((await service.call('getProject', 200, { as: member, path: { project_id: project.id } })).status, 200);
});

test('DELETE /api/organizations/{organization_id} is recorded with what it was', async (t) => {
  const organization = await createOrganization(service);
  await service.call('deleteOrganization', 204, { as: admin, ...at(organization) });
  const { name, slug } = organization;
  t.deepEqual((await eventsAbout(service, organization)).at(-1), {
    action: 'organization.deleted',
    actor_id: admin.id,
    details: { name, slug },
  });
});

test('DELETE /api/organizations/{organization_id} answers 403 for its managers', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  const manager = await memberOf(service, organization, 'manager');
  for (const as of [someone, manager]) {
    const { body } = await service.call('deleteOrganization', 403, { as, ...at(organization) });
    t.deepEqual(body.required_roles, ['platform:admin']);
  }
});

test('DELETE /api/organizations/{organization_id} answers 400 for something that is no id', async (t) => {
  const { body } = await service.call('deleteOrganization', 400, { as: admin, ...at({ id: 'no-id' }) });
  t.like(body.errors?.[0], { in: 'path', path: 'organization_id' });
});

test('DELETE /api/organizations/{organization_id} succeeds for one of twenty at once', async (t) => {
  const organization = await organizationWith();
  const path = `/api/organizations/${organization.id}`;
  const answers = await twentyAtOnce(() => service.send({ method: 'DELETE', path, as: admin }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
  const deletions = (await eventsAbout(service, organization)).filter(({ action }) =>
    action.endsWith('deleted'),
  );
  t.is(deletions.length, 1);
});

const member = { user_id: someone.id, role: 'member' };
for (const { title, method, path, body, members, answers } of [
  {
    title: 'Adding a member',
    method: 'POST',
    path: '/members',
    body: member,
    members: [],
    answers: [201, 404],
  },
  {
    title: 'Changing the role of a member',
    method: 'PATCH',
    path: `/members/${someone.id}`,
    body: { role: 'manager' },
    members: [someone],
    answers: [200, 404],
  },
  {
    title: 'Ending a membership',
    method: 'DELETE',
    path: `/members/${someone.id}`,
    body: undefined,
    members: [someone],
    answers: [204, 404],
  },
  {
    title: 'Renaming',
    method: 'PATCH',
    path: '',
    body: { name: 'Renamed', manager_id: someone.id },
    members: [],
    answers: [200, 404],
  },
]) {
  test(`${title} while the organization is deleted succeeds or answers 404, and nothing is left`, async (t) => {
    await raceInBothOrders(async (race) => {
      const organization = await organizationWith(members);
      const at = `/api/organizations/${organization.id}`;
      const sent = { method, path: at + path, as: admin, body: body && JSON.stringify(body) };
      const [deleted, changed] = await race(
        () => service.send({ method: 'DELETE', path: at, as: admin }),
        () => service.send(sent),
      );
      t.is(deleted.status, 204);
      t.true(answers.includes(changed.status), `it answered ${changed.status}`);
      t.is(await rowsLeft(organization), 0);
    });
  });
}

test('Creating a project for an organization that is deleted at once succeeds or answers 422', async (t) => {
  await raceInBothOrders(async (race) => {
    const organization = await organizationWith();
    const path = `/api/organizations/${organization.id}`;
    const project = { name: 'Project', language_id: work.language.id, organization_id: organization.id };
    const body = JSON.stringify(project);
    const [deleted, created] = await race(
      () => service.send({ method: 'DELETE', path, as: admin }),
      () => service.send({ method: 'POST', path: '/api/projects', as: admin, body }),
    );
    t.is(deleted.status, 204);
    t.true([201, 422].includes(created.status), `it answered ${created.status}`);
    t.is(await rowsLeft(organization), 0);
  });
});
