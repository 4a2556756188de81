import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp, type Person } from './helpers/people.ts';
import { roleIn } from './helpers/project-roles.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const [user, organization, phase] = [
  await signUp(service),
  await createOrganization(service),
  await work.addPhase(),
];
test.after.always(() => service.stop());

const zanzibar = { latitude: -6.1659, longitude: 39.2026, location_display_name: 'Zanzibar' };

async function change(as: Person, { id }: { id: string }, body: Schema<'UpdateProjectRequest'>) {
  return (await service.call('updateProject', 200, { as, path: { project_id: id }, body })).body;
}

test('PATCH /api/projects/{project_id} changes each field and keeps what is absent', async (t) => {
  const as = await signUp(service);
  const project = await work.addProject(as, { description: 'Told', ...zanzibar });
  const { id: language_id } = await work.addLanguage();
  let expected = project;
  for (const fields of [
    { name: 'Stories, retold' },
    { description: 'Told again' },
    { language_id },
    { latitude: 1.5, longitude: 2.5 },
    { location_display_name: 'At sea' },
  ]) {
    const changed = await change(as, project, fields);
    t.true(changed.updated_at >= expected.updated_at);
    expected = { ...expected, ...fields, updated_at: changed.updated_at };
    t.deepEqual(changed, expected);
  }
  const path = { project_id: project.id };
  t.deepEqual((await service.call('getProject', 200, { as, path })).body, expected);
});

test('PATCH /api/projects/{project_id} clears what is null', async (t) => {
  const project = await work.addProject(work.admin, { description: 'Told', ...zanzibar });
  const cleared = { description: null, latitude: null, longitude: null, location_display_name: null };
  t.like(await change(work.admin, project, cleared), { name: project.name, ...cleared });
});

test('PATCH /api/projects/{project_id} answers 400 for half a place and leaves the whole one', async (t) => {
  const [placed, unplaced] = [await work.addProject(work.admin, zanzibar), await work.addProject(work.admin)];
  for (const project of [placed, unplaced]) {
    for (const [body, missing] of [
      [{ latitude: 1 }, 'longitude'],
      [{ longitude: 1 }, 'latitude'],
      [{ latitude: null }, 'longitude'],
      [{ latitude: 1, longitude: null }, 'longitude'],
      [{ latitude: null, longitude: 1, name: 'Elsewhere' }, 'latitude'],
    ] as const) {
      const path = { project_id: project.id };
      const { body: problem } = await service.call('updateProject', 400, { as: work.admin, path, body });
      t.is(problem.code, 'VALIDATION_ERROR');
      t.true(JSON.stringify(problem.errors).includes(missing));
      t.deepEqual((await service.call('getProject', 200, { as: work.admin, path })).body, project);
    }
  }
});

test('PATCH /api/projects/{project_id} answers 400 for an empty body, wrong values, and unknown fields', async (t) => {
  const { id } = await work.addProject(work.admin);
  for (const body of [
    '{}',
    '{"name": null}',
    '{"name": " "}',
    '{"language_id": null}',
    '{"language_id": "swa"}',
    '{"latitude": 91, "longitude": 0}',
    '{"organization_id": null}',
    '[]',
  ]) {
    const answer = await service.send({ method: 'PATCH', path: `/api/projects/${id}`, as: work.admin, body });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, body);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/projects/{project_id} answers ${status} for ${title}`, async (t) => {
    const { id } = await work.addProject(work.admin);
    const request = { method: 'PATCH', path: `/api/projects/${id}`, as: work.admin, ...sent };
    t.like(await service.send(request), { status, body: { code } });
  });
}

test('PATCH /api/projects/{project_id} answers 422 for an unknown language and changes nothing', async (t) => {
  const project = await work.addProject(work.admin);
  const request = { as: work.admin, path: { project_id: project.id } };
  const body = { name: 'Renamed', language_id: randomUUID() };
  const { body: problem } = await service.call('updateProject', 422, { ...request, body });
  t.is(problem.code, 'UNKNOWN_REFERENCE');
  t.regex(problem.detail, /language/);
  t.deepEqual((await service.call('getProject', 200, request)).body, project);
});

test('A member changes no project and deletes none', async (t) => {
  const [project, member] = [await work.addProject(work.admin), await signUp(service)];
  const path = { project_id: project.id };
  const body = { user_id: member.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
  await service.call('updateProject', 403, { as: member, path, body: { name: 'Mine' } });
  await service.call('deleteProject', 403, { as: member, path });
  t.deepEqual((await service.call('getProject', 200, { as: member, path })).body, project);
});

test('DELETE /api/projects/{project_id} takes all access and its phases with it', async (t) => {
  const [manager, member] = [await signUp(service), await signUp(service)];
  const theirs = await createOrganization(service, { manager_id: member.id });
  const [project, kept] = [await work.addProject(manager), await work.addProject(manager)];
  const attached = await work.addPhase();
  for (const { id: project_id } of [project, kept]) {
    const request = { as: manager, path: { project_id } };
    const access = { user_id: member.id, role: 'member' } as const;
    await service.call('grantProjectUserAccess', 201, { ...request, body: access });
    const body = { organization_id: theirs.id };
    await service.call('grantProjectOrganizationAccess', 201, { ...request, body });
    await service.call('attachProjectPhase', 204, { ...request, body: { phase_id: attached.id } });
  }
  const path = { project_id: project.id.toUpperCase() };
  t.is((await service.call('deleteProject', 204, { as: manager, path })).body, '' as never);

  for (const person of [manager, member]) {
    t.is(await roleIn(service, project, person), 'none');
    const { body: list } = await service.call('listProjects', 200, { as: person });
    t.deepEqual(
      list.map(({ id }) => id),
      [kept.id],
    );
  }
  const read = await service.call('getPhase', 200, { as: work.admin, path: { phase_id: attached.id } });
  t.deepEqual(read.body.project_ids, [kept.id]);
  const { database } = service.context;
  for (const table of ['project_user_access', 'project_organization_access', 'project_phases']) {
    t.deepEqual(await database(table).where({ project_id: project.id }), [], table);
  }
});

test('A project that is gone answers 404 to a platform admin, whatever is asked of it', async (t) => {
  const project = await work.addProject(work.admin);
  await service.call('deleteProject', 204, { as: work.admin, path: { project_id: project.id } });
  for (const project_id of [project.id, randomUUID()]) {
    const request = { as: work.admin, path: { project_id } };
    const problems = [
      await service.call('deleteProject', 404, request),
      await service.call('updateProject', 404, { ...request, body: { name: 'Nobody' } }),
      await service.call('updateProject', 404, { ...request, body: { language_id: randomUUID() } }),
      await service.call('listProjectUserAccess', 404, request),
      await service.call('listProjectOrganizationAccess', 404, request),
      await service.call('listProjectPhasesWithDependencies', 404, request),
      await service.call('explainProjectAccess', 404, { ...request, query: { user_id: work.admin.id } }),
    ];
    for (const { body } of problems) t.is(body.code, 'NOT_FOUND');
  }
});

test('A malformed project id is 400 to a platform admin', async (t) => {
  const request = { as: work.admin, path: { project_id: 'no-id' } };
  const problems = [
    await service.call('deleteProject', 400, request),
    await service.call('updateProject', 400, { ...request, body: { name: 'Nobody' } }),
    await service.call('listProjectUserAccess', 400, request),
    await service.call('listProjectOrganizationAccess', 400, request),
    await service.call('listProjectPhasesWithDependencies', 400, request),
    await service.call('explainProjectAccess', 400, { ...request, query: { user_id: work.admin.id } }),
  ];
  for (const { body } of problems) t.like(body.errors, [{ in: 'path', path: 'project_id' }]);
});

test('Twenty requests to delete one project at once delete it once', async (t) => {
  const { id } = await work.addProject(work.admin);
  const answers = await twentyAtOnce(() =>
    service.send({ method: 'DELETE', path: `/api/projects/${id}`, as: work.admin }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
});

for (const [title, method, path, body, done] of [
  ['changing it', 'PATCH', '', { name: 'Late' }, 200],
  ['giving a user access', 'POST', '/access/users', { user_id: user.id }, 201],
  [
    'giving an organization access',
    'POST',
    '/access/organizations',
    { organization_id: organization.id },
    201,
  ],
  ['attaching a phase', 'POST', '/phases', { phase_id: phase.id }, 204],
] as const) {
  test(`Deleting a project succeeds while somebody is ${title}, who comes before it or gets 404`, async (t) => {
    await raceInBothOrders(async (race) => {
      const { id } = await work.addProject(work.admin);
      const at = `/api/projects/${id}`;
      const [deleted, answer] = await race(
        () => service.send({ method: 'DELETE', path: at, as: work.admin }),
        () => service.send({ method, path: at + path, as: work.admin, body: JSON.stringify(body) }),
      );
      t.is(deleted.status, 204);
      t.true([done, 404].includes(answer.status), JSON.stringify(answer.body));
      await service.call('getProject', 404, { as: work.admin, path: { project_id: id } });
    });
  });
}
