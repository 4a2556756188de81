import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

interface Filter {
  language_id?: string;
  organization_id?: string;
}

async function namesSeenBy(as: Person, query: Filter = {}): Promise<string[]> {
  const { body } = await service.call('listProjects', 200, { as, query });
  return body.map(({ name }) => name);
}

async function grant(project: { id: string }, organization: { id: string }): Promise<void> {
  await service.call('grantProjectOrganizationAccess', 201, {
    as: work.admin,
    path: { project_id: project.id },
    body: { organization_id: organization.id },
  });
}

test('GET /api/projects answers with the whole project', async (t) => {
  const person = await signUp(service);
  const project = await work.addProject(person, { description: 'Told', latitude: 1.5, longitude: -2.25 });
  t.deepEqual((await service.call('listProjects', 200, { as: person })).body, [project]);
});

test('GET /api/projects is ordered by name', async (t) => {
  const person = await signUp(service);
  for (const name of ['Luke', 'Acts', 'Ruth', 'Mark']) await work.addProject(person, { name });
  t.deepEqual(await namesSeenBy(person), ['Acts', 'Luke', 'Mark', 'Ruth']);
});

test('GET /api/projects answers projects of the same name in the same order each time', async (t) => {
  const person = await signUp(service);
  const projects = [];
  for (let count = 0; count < 5; count += 1) projects.push(await work.addProject(person, { name: 'Same' }));
  const ids = projects.map(({ id }) => id).sort();
  for (let count = 0; count < 3; count += 1) {
    const { body } = await service.call('listProjects', 200, { as: person });
    t.deepEqual(
      body.map(({ id }) => id),
      ids,
    );
  }
});

test('GET /api/projects shows a stranger nothing', async (t) => {
  await work.addProject(work.admin);
  t.deepEqual(await namesSeenBy(await signUp(service)), []);
});

test('GET /api/projects shows what the caller was given access to', async (t) => {
  const project = await work.addProject(work.admin);
  for (const role of ['member', 'manager'] as const) {
    const person = await signUp(service);
    const path = { project_id: project.id };
    const body = { user_id: person.id, role };
    await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
    t.deepEqual(await namesSeenBy(person), [project.name]);
  }
});

test('GET /api/projects shows the projects of an organization to its members, managers and manager_id', async (t) => {
  const named = await signUp(service);
  const organization = await createOrganization(service, { manager_id: named.id });
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const people = [
    named,
    await memberOf(service, organization, 'member'),
    await memberOf(service, organization, 'manager'),
  ];
  for (const person of people) t.deepEqual(await namesSeenBy(person), [project.name]);
  const other = await createOrganization(service);
  t.deepEqual(await namesSeenBy(await memberOf(service, other, 'manager')), []);
});

test('GET /api/projects shows each project once, however many ways lead to it', async (t) => {
  const person = await signUp(service);
  const own = await work.addProject(person, { name: 'A: three ways' });
  for (const manager_id of [person.id, person.id, null]) {
    const organization = await createOrganization(service, { manager_id });
    const body = { user_id: person.id, role: 'member' } as const;
    const path = { organization_id: organization.id };
    await service.call('addOrganizationMember', 201, { as: work.admin, path, body });
    await grant(own, organization);
    await work.addProject(work.admin, { name: 'B: one way', organization_id: organization.id });
    if (manager_id === null) {
      t.deepEqual(await namesSeenBy(person, path), ['A: three ways', 'B: one way']);
    }
  }
  t.deepEqual(await namesSeenBy(person), ['A: three ways', 'B: one way', 'B: one way', 'B: one way']);
});

test('GET /api/projects shows a platform admin all projects, each once', async (t) => {
  const organization = await createOrganization(service, { manager_id: work.admin.id });
  const theirs = await work.addProject(await signUp(service));
  const own = await work.addProject(work.admin, { organization_id: organization.id });
  const names = await namesSeenBy(work.admin);
  for (const { name } of [theirs, own]) t.is(names.filter((each) => each === name).length, 1);
});

test('GET /api/projects?language_id= shows only projects in that language', async (t) => {
  const person = await signUp(service);
  const { id: language_id } = await work.addLanguage();
  await work.addProject(person);
  await work.addProject(work.admin, { language_id });
  const project = await work.addProject(person, { language_id });
  t.deepEqual(await namesSeenBy(person, { language_id }), [project.name]);
  t.deepEqual(await namesSeenBy(person, { language_id: language_id.toUpperCase() }), [project.name]);
});

test('GET /api/projects?language_id= shows nothing for an unknown language', async (t) => {
  const person = await signUp(service);
  await work.addProject(person);
  t.deepEqual(await namesSeenBy(person, { language_id: randomUUID() }), []);
});

test('GET /api/projects?organization_id= shows only what that organization has access to', async (t) => {
  const organization = await createOrganization(service);
  const { id: organization_id } = organization;
  const manager = await memberOf(service, organization, 'manager');
  await work.addProject(manager);
  const project = await work.addProject(manager, { organization_id });
  for (const person of [manager, await memberOf(service, organization, 'member'), work.admin]) {
    t.deepEqual(await namesSeenBy(person, { organization_id }), [project.name]);
    t.deepEqual(await namesSeenBy(person, { organization_id: organization_id.toUpperCase() }), [
      project.name,
    ]);
  }
});

test('GET /api/projects takes both filters together', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  const [organization_id, { id: language_id }] = [organization.id, await work.addLanguage()];
  await work.addProject(manager, { organization_id });
  await work.addProject(manager, { language_id });
  const both = await work.addProject(manager, { organization_id, language_id });
  t.deepEqual(await namesSeenBy(manager, { organization_id, language_id }), [both.name]);
});

test('GET /api/projects?organization_id= is for its manager_id too', async (t) => {
  const named = await signUp(service);
  const { id: organization_id } = await createOrganization(service, { manager_id: named.id });
  const project = await work.addProject(named, { organization_id });
  t.deepEqual(await namesSeenBy(named, { organization_id }), [project.name]);
});

test('GET /api/projects?organization_id= answers 403 to strangers, whether it exists or not', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const friend = await signUp(service);
  const path = { project_id: project.id };
  const body = { user_id: friend.id, role: 'manager' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
  const other = await createOrganization(service);
  for (const as of [friend, await memberOf(service, other, 'manager'), await signUp(service)]) {
    for (const organization_id of [organization.id, randomUUID()]) {
      const answer = await service.call('listProjects', 403, { as, query: { organization_id } });
      t.is(answer.body.code, 'FORBIDDEN');
    }
  }
});

test('GET /api/projects?organization_id= shows a platform admin nothing for an unknown organization', async (t) => {
  t.deepEqual(await namesSeenBy(work.admin, { organization_id: randomUUID() }), []);
});

test('GET /api/projects answers 400 for malformed filters', async (t) => {
  for (const name of ['language_id', 'organization_id'] as const) {
    const query = { [name]: 'no-id' };
    const { body } = await service.call('listProjects', 400, { as: work.admin, query });
    t.like(body.errors, [{ in: 'query', path: name }]);
  }
});
