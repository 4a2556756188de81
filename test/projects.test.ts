import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const language_id = work.language.id;
test.after.always(() => service.stop());

test('POST /api/projects answers 201 with the project and where to find it', async (t) => {
  const person = await signUp(service);
  const project = {
    name: 'Stories',
    language_id,
    description: 'Told and retold',
    latitude: -4.0435,
    longitude: 39.668_212_345_678_9,
    location_display_name: 'Mombasa, Kenya',
  };
  const { body, headers } = await service.call('createProject', 201, { as: person, body: project });
  t.like(body, project);
  t.is(headers.get('Location'), `/api/projects/${body.id}`);
  const read = await service.call('getProject', 200, { as: person, path: { project_id: body.id } });
  t.deepEqual(read.body, body);
});

test('POST /api/projects answers null for whatever was left out', async (t) => {
  const project = await work.addProject(await signUp(service));
  t.like(project, { description: null, latitude: null, longitude: null, location_display_name: null });
});

test('POST /api/projects takes null for whatever may be left out', async (t) => {
  const nothing = { description: null, latitude: null, longitude: null, location_display_name: null };
  const project = await work.addProject(await signUp(service), { ...nothing, organization_id: null });
  t.like(project, nothing);
});

test('POST /api/projects makes the creator its manager', async (t) => {
  const person = await signUp(service);
  const { id: project_id } = await work.addProject(person);
  const { body: access } = await service.call('grantProjectUserAccess', 200, {
    as: person,
    path: { project_id },
    body: { user_id: person.id, role: 'member' },
  });
  t.is(access.role, 'manager');
});

test('POST /api/projects answers 422 for an unknown language', async (t) => {
  const { body } = await service.call('createProject', 422, {
    as: await signUp(service),
    body: { name: 'Stories', language_id: randomUUID() },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.regex(body.detail, /language/);
});

test('POST /api/projects answers 400 for a blank name', async (t) => {
  const as = await signUp(service);
  for (const name of ['', ' \t\n', 'a'.repeat(201)]) {
    const { body } = await service.call('createProject', 400, { as, body: { name, language_id } });
    t.like(body.errors, [{ in: 'body', path: 'name' }], JSON.stringify(name));
  }
});

test('POST /api/projects answers 400 for half a place', async (t) => {
  const as = await signUp(service);
  for (const half of [
    { latitude: 1 },
    { longitude: 1 },
    { latitude: null },
    { longitude: null },
    { latitude: 1, longitude: null },
    { latitude: null, longitude: 1 },
    { latitude: 0, longitude: null },
  ]) {
    const body = { name: 'Half', language_id, ...half };
    const answer = await service.call('createProject', 400, { as, body });
    t.is(answer.body.code, 'VALIDATION_ERROR', JSON.stringify(half));
  }
  t.deepEqual((await service.call('listProjects', 200, { as })).body, []);
});

test('POST /api/projects takes a place at the edge of the map and none beyond it', async (t) => {
  const as = await signUp(service);
  for (const place of [
    { latitude: 90, longitude: 180 },
    { latitude: -90, longitude: -180 },
    { latitude: 0, longitude: 0 },
  ]) {
    t.like(await work.addProject(as, place), place);
  }
  for (const [latitude, longitude, wrong] of [
    [90.000_001, 0, 'latitude'],
    [-90.000_001, 0, 'latitude'],
    [0, 180.000_001, 'longitude'],
    [0, -180.000_001, 'longitude'],
  ] as const) {
    const body = { name: 'Beyond', language_id, latitude, longitude };
    const { body: problem } = await service.call('createProject', 400, { as, body });
    t.like(problem.errors, [{ in: 'body', path: wrong }]);
  }
});

test('POST /api/projects takes ids in capitals', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, {
    language_id: language_id.toUpperCase(),
    organization_id: organization.id.toUpperCase(),
  });
  t.is(project.language_id, language_id);
});

test('POST /api/projects with organization_id gives the organization access at once', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  const member = await memberOf(service, organization, 'member');
  const project = await work.addProject(manager, { organization_id: organization.id });
  const { body } = await service.call('getProject', 200, { as: member, path: { project_id: project.id } });
  t.deepEqual(body, project);
});

test('POST /api/projects takes the organization of its manager_id', async (t) => {
  const named = await signUp(service);
  const { id: organization_id } = await createOrganization(service, { manager_id: named.id });
  const { id: project_id } = await work.addProject(named, { organization_id });
  const member = await memberOf(service, { id: organization_id }, 'member');
  t.is((await service.call('getProject', 200, { as: member, path: { project_id } })).body.id, project_id);
});

test('POST /api/projects takes any organization from a platform admin', async (t) => {
  const { id: organization_id } = await createOrganization(service);
  const { id: project_id } = await work.addProject(work.admin, { organization_id });
  const member = await memberOf(service, { id: organization_id }, 'member');
  t.is((await service.call('getProject', 200, { as: member, path: { project_id } })).body.id, project_id);
});

test('POST /api/projects answers 403 for an organization that the caller does not manage, and adds nothing', async (t) => {
  const organization = await createOrganization(service);
  const other = await createOrganization(service);
  const callers = [
    await signUp(service),
    await memberOf(service, organization, 'member'),
    await memberOf(service, other, 'manager'),
  ];
  for (const as of callers) {
    for (const organization_id of [organization.id, randomUUID()]) {
      const body = { name: 'Not theirs', language_id, organization_id };
      t.is((await service.call('createProject', 403, { as, body })).body.code, 'FORBIDDEN');
    }
    t.deepEqual((await service.call('listProjects', 200, { as })).body, []);
  }
});

test('POST /api/projects answers 422 to a platform admin for an unknown organization, and adds nothing', async (t) => {
  const language = await work.addLanguage();
  const { body } = await service.call('createProject', 422, {
    as: work.admin,
    body: { name: 'Nobody', language_id: language.id, organization_id: randomUUID() },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.regex(body.detail, /organization/);
  const query = { language_id: language.id };
  t.deepEqual((await service.call('listProjects', 200, { as: work.admin, query })).body, []);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/projects answers ${status} for ${title}`, async (t) => {
    const answer = await service.send({ method: 'POST', path: '/api/projects', as: work.admin, ...sent });
    t.like(answer, { status, body: { code } });
  });
}

test('POST /api/projects answers 400 for unknown fields and for none', async (t) => {
  for (const body of [
    {},
    { name: 'Stories', language_id, id: randomUUID() },
    { language_id },
    { name: 'Stories' },
  ]) {
    const answer = await service.send({
      method: 'POST',
      path: '/api/projects',
      as: work.admin,
      body: JSON.stringify(body),
    });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } });
  }
});

test('GET /api/projects/{project_id} answers 404 to a platform admin for an unknown project', async (t) => {
  const path = { project_id: randomUUID() };
  t.is((await service.call('getProject', 404, { as: work.admin, path })).body.code, 'NOT_FOUND');
});

test('GET /api/projects/{project_id} answers 403 to others, whether the project exists or not', async (t) => {
  const project = await work.addProject(work.admin);
  const as = await signUp(service);
  for (const project_id of [project.id, randomUUID(), 'no-id']) {
    const { body } = await service.call('getProject', 403, { as, path: { project_id } });
    t.deepEqual([body.code, body.held_roles], ['FORBIDDEN', []]);
  }
});

test('GET /api/projects/{project_id} takes the id in capitals', async (t) => {
  const person = await signUp(service);
  const project = await work.addProject(person);
  const path = { project_id: project.id.toUpperCase() };
  t.deepEqual((await service.call('getProject', 200, { as: person, path })).body, project);
});

test('GET /api/projects/{project_id} answers 400 to a platform admin for a malformed id', async (t) => {
  const path = { project_id: 'no-id' };
  const { body } = await service.call('getProject', 400, { as: work.admin, path });
  t.like(body.errors, [{ in: 'path', path: 'project_id' }]);
});
