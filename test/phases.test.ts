import { randomUUID } from 'node:crypto';
import test from 'ava';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { holderOf, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

async function attach(project: { id: string }, phase: { id: string }): Promise<void> {
  const path = { project_id: project.id };
  await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id: phase.id } });
}

test('POST /api/phases answers 201 with the phase and where to find it', async (t) => {
  const { body, headers } = await service.call('createPhase', 201, {
    as: work.admin,
    body: { name: 'First draft', description: 'Told aloud' },
  });
  t.like(body, { name: 'First draft', description: 'Told aloud', project_ids: [] });
  t.is(headers.get('Location'), `/api/phases/${body.id}`);
  const read = await service.call('getPhase', 200, { as: work.admin, path: { phase_id: body.id } });
  t.deepEqual(read.body, body);
});

test('POST /api/phases takes a phase without a description', async (t) => {
  t.is((await work.addPhase()).description, null);
  t.is((await work.addPhase({ description: null })).description, null);
});

test('POST /api/phases answers 400 for a blank name, none, and unknown fields', async (t) => {
  for (const body of [
    { name: ' ' },
    { name: '' },
    { name: null },
    {},
    { name: 'Draft', status: 'blocked' },
  ]) {
    const request = { method: 'POST', path: '/api/phases', as: work.admin, body: JSON.stringify(body) };
    t.like(await service.send(request), { status: 400, body: { code: 'VALIDATION_ERROR' } });
  }
});

test('POST /api/phases is for admins and facilitators of any app and managers of any organization', async (t) => {
  const organization = await createOrganization(service);
  const body = { name: 'Draft' };
  for (const as of [
    await holderOf(service, 'avita', 'admin'),
    await holderOf(service, 'oral-bridge', 'facilitator'),
    await memberOf(service, organization, 'manager'),
  ]) {
    await t.notThrowsAsync(service.call('createPhase', 201, { as, body }));
  }
  for (const as of [
    await holderOf(service, 'avita', 'reviewer'),
    await memberOf(service, organization, 'member'),
    await signUp(service),
  ]) {
    await t.notThrowsAsync(service.call('createPhase', 403, { as, body }));
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/phases and PATCH /api/phases/{phase_id} answer ${status} for ${title}`, async (t) => {
    const { id } = await work.addPhase();
    for (const [method, path] of [
      ['POST', '/api/phases'],
      ['PATCH', `/api/phases/${id}`],
    ] as const) {
      t.like(await service.send({ method, path, as: work.admin, ...sent }), { status, body: { code } });
    }
  });
}

test('GET /api/phases answers all phases to everyone, by name', async (t) => {
  const mark = randomUUID();
  for (const name of ['Recording', 'Draft', 'Team check']) await work.addPhase({ name: `${mark} ${name}` });
  const { body } = await service.call('listPhases', 200, { as: await signUp(service) });
  const names = body.map(({ name }) => name).filter((name) => name.startsWith(mark));
  t.deepEqual(names, [`${mark} Draft`, `${mark} Recording`, `${mark} Team check`]);
});

test('A phase names only those of its projects that the caller can access', async (t) => {
  const phase = await work.addPhase();
  const organization = await createOrganization(service);
  const [person, member] = [await signUp(service), await memberOf(service, organization, 'member')];
  const own = await work.addProject(person);
  const shared = await work.addProject(work.admin, { organization_id: organization.id });
  const path = { project_id: shared.id };
  const body = { user_id: person.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body });
  await attach(own, phase);
  await attach(shared, phase);

  for (const [as, expected] of [
    [person, [own.id, shared.id]],
    [member, [shared.id]],
    [await signUp(service), []],
    [work.admin, [own.id, shared.id]],
  ] as const) {
    const read = await service.call('getPhase', 200, { as, path: { phase_id: phase.id } });
    t.deepEqual(read.body.project_ids, [...expected].sort());
    const { body: list } = await service.call('listPhases', 200, { as });
    t.deepEqual(
      list.find(({ id }) => id === phase.id),
      read.body,
    );
  }
  const facilitator = await holderOf(service, 'avita', 'facilitator');
  const { body: changed } = await service.call('updatePhase', 200, {
    as: facilitator,
    path: { phase_id: phase.id },
    body: { description: 'Seen by many' },
  });
  t.deepEqual(changed.project_ids, []);
});

test('A phase names a project once, however many ways lead the caller to it', async (t) => {
  const person = await signUp(service);
  const organization = await createOrganization(service, { manager_id: person.id });
  const body = { user_id: person.id, role: 'manager' } as const;
  const path = { organization_id: organization.id };
  await service.call('addOrganizationMember', 201, { as: work.admin, path, body });
  const project = await work.addProject(person, path);
  const phase = await work.addPhase();
  await attach(project, phase);
  const read = await service.call('getPhase', 200, { as: person, path: { phase_id: phase.id } });
  t.deepEqual(read.body.project_ids, [project.id]);
});

test('GET /api/phases?project_id= answers the phases of that project to its members', async (t) => {
  const organization = await createOrganization(service);
  const project = await work.addProject(work.admin, { organization_id: organization.id });
  const other = await work.addProject(work.admin);
  const [last, first] = [await work.addPhase({ name: 'Last' }), await work.addPhase({ name: 'First' })];
  await attach(project, last);
  await attach(project, first);
  await attach(other, first);
  for (const as of [work.admin, await memberOf(service, organization, 'member')]) {
    for (const project_id of [project.id, project.id.toUpperCase()]) {
      const { body } = await service.call('listPhases', 200, { as, query: { project_id } });
      t.deepEqual(
        body.map(({ id }) => id),
        [first.id, last.id],
      );
    }
  }
});

test('GET /api/phases?project_id= answers 403 to strangers, whether the project exists or not', async (t) => {
  const project = await work.addProject(work.admin);
  const as = await holderOf(service, 'avita', 'admin');
  for (const project_id of [project.id, randomUUID()]) {
    const { body } = await service.call('listPhases', 403, { as, query: { project_id } });
    t.is(body.code, 'FORBIDDEN');
  }
});

test('GET /api/phases?project_id= shows a platform admin nothing for an unknown project', async (t) => {
  const query = { project_id: randomUUID() };
  t.deepEqual((await service.call('listPhases', 200, { as: work.admin, query })).body, []);
});

test('GET /api/phases?project_id= answers 400 for a malformed id', async (t) => {
  const query = { project_id: 'no-id' };
  const { body } = await service.call('listPhases', 400, { as: work.admin, query });
  t.like(body.errors, [{ in: 'query', path: 'project_id' }]);
});

test('PATCH /api/phases/{phase_id} keeps what is absent and clears what is null', async (t) => {
  const phase = await work.addPhase({ description: 'Told aloud' });
  const path = { phase_id: phase.id };
  const change = async (body: { name?: string; description?: string | null }) =>
    (await service.call('updatePhase', 200, { as: work.admin, path, body })).body;

  const renamed = await change({ name: 'Second draft' });
  t.deepEqual(renamed, { ...phase, name: 'Second draft', updated_at: renamed.updated_at });
  t.true(renamed.updated_at >= phase.updated_at);
  t.like(await change({ description: null }), { name: 'Second draft', description: null });
  const described = await change({ description: 'Written down' });
  t.deepEqual((await service.call('getPhase', 200, { as: work.admin, path })).body, described);
});

test('PATCH /api/phases/{phase_id} keeps the projects of the phase', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  await attach(project, phase);
  const path = { phase_id: phase.id.toUpperCase() };
  const { body } = await service.call('updatePhase', 200, { as: work.admin, path, body: { name: 'Draft' } });
  t.deepEqual([body.id, body.project_ids], [phase.id, [project.id]]);
});

test('PATCH /api/phases/{phase_id} answers 400 for an empty body, a name of null, and other fields', async (t) => {
  const phase = await work.addPhase();
  const path = `/api/phases/${phase.id}`;
  for (const body of ['{}', '{"name": null}', '{"name": " "}', '{"project_ids": []}', 'null']) {
    const answer = await service.send({ method: 'PATCH', path, as: work.admin, body });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, body);
  }
  const read = await service.call('getPhase', 200, { as: work.admin, path: { phase_id: phase.id } });
  t.deepEqual(read.body, phase);
});

test('DELETE /api/phases/{phase_id} takes its dependencies and its place in projects with it', async (t) => {
  const [project, before, phase, after] = [
    await work.addProject(work.admin),
    await work.addPhase(),
    await work.addPhase(),
    await work.addPhase(),
  ];
  for (const each of [before, phase, after]) await attach(project, each);
  for (const [waiting, awaited] of [
    [phase, before],
    [after, phase],
    [after, before],
  ] as const) {
    const path = { phase_id: waiting.id };
    const body = { depends_on_id: awaited.id };
    await service.call('addPhaseDependency', 201, { as: work.admin, path, body });
  }
  const path = { phase_id: phase.id };
  await service.call('deletePhase', 204, { as: work.admin, path });

  await service.call('getPhase', 404, { as: work.admin, path });
  const at = { phase_id: after.id };
  const { body: left } = await service.call('listPhaseDependencies', 200, { as: work.admin, path: at });
  t.deepEqual(
    left.map(({ depends_on_id }) => depends_on_id),
    [before.id],
  );
  const { body: attached } = await service.call('listProjectPhases', 200, {
    as: work.admin,
    path: { project_id: project.id },
  });
  t.deepEqual(attached.map(({ phase_id }) => phase_id).sort(), [before.id, after.id].sort());
});

test('A phase that is gone answers 404 to reading, changing and deleting it', async (t) => {
  const phase = await work.addPhase();
  await service.call('deletePhase', 204, { as: work.admin, path: { phase_id: phase.id } });
  for (const phase_id of [phase.id, randomUUID()]) {
    const request = { as: work.admin, path: { phase_id } };
    t.is((await service.call('getPhase', 404, request)).body.code, 'NOT_FOUND');
    t.is((await service.call('deletePhase', 404, request)).body.code, 'NOT_FOUND');
    const change = { ...request, body: { name: 'Nobody' } };
    t.is((await service.call('updatePhase', 404, change)).body.code, 'NOT_FOUND');
  }
});

test('A malformed phase id is 400 to whoever may ask', async (t) => {
  const request = { as: work.admin, path: { phase_id: 'no-id' } };
  const body = { name: 'Nobody' };
  const problems = [
    await service.call('getPhase', 400, request),
    await service.call('deletePhase', 400, request),
    await service.call('updatePhase', 400, { ...request, body }),
  ];
  for (const problem of problems) t.like(problem.body.errors, [{ in: 'path', path: 'phase_id' }]);
});
