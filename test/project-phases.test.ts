import { randomUUID } from 'node:crypto';
import test from 'ava';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

test('POST /api/projects/{project_id}/phases answers 204, and the project has the phase', async (t) => {
  const as = await signUp(service);
  const [project, phase] = [await work.addProject(as), await work.addPhase({ description: 'Aloud' })];
  const path = { project_id: project.id };
  await service.call('attachProjectPhase', 204, { as, path, body: { phase_id: phase.id } });
  const { body } = await service.call('listProjectPhases', 200, { as, path });
  t.is(body.length, 1);
  t.like(body[0], {
    phase_id: phase.id,
    phase_name: phase.name,
    phase_description: 'Aloud',
    status: 'not_started',
  });
});

test('POST /api/projects/{project_id}/phases answers 409 for a phase that is attached already', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  const path = { project_id: project.id };
  await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id: phase.id } });
  for (const phase_id of [phase.id, phase.id.toUpperCase()]) {
    const { body } = await service.call('attachProjectPhase', 409, {
      as: work.admin,
      path,
      body: { phase_id },
    });
    t.is(body.code, 'PHASE_ALREADY_ATTACHED');
  }
});

test('Twenty requests to attach one phase at once attach it once', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  const answers = await twentyAtOnce(() =>
    service.send({
      method: 'POST',
      path: `/api/projects/${project.id}/phases`,
      as: work.admin,
      body: JSON.stringify({ phase_id: phase.id }),
    }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 409),
  );
  const path = { project_id: project.id };
  t.is((await service.call('listProjectPhases', 200, { as: work.admin, path })).body.length, 1);
});

test('POST /api/projects/{project_id}/phases answers 422 for an unknown phase', async (t) => {
  const project = await work.addProject(work.admin);
  const { body } = await service.call('attachProjectPhase', 422, {
    as: work.admin,
    path: { project_id: project.id },
    body: { phase_id: randomUUID() },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.regex(body.detail, /phase/);
});

test('POST /api/projects/{project_id}/phases answers 404 to a platform admin for an unknown project', async (t) => {
  const phase = await work.addPhase();
  for (const phase_id of [phase.id, randomUUID()]) {
    const path = { project_id: randomUUID() };
    const { body } = await service.call('attachProjectPhase', 404, {
      as: work.admin,
      path,
      body: { phase_id },
    });
    t.is(body.code, 'NOT_FOUND');
  }
});

test('POST /api/projects/{project_id}/phases attaches no other phase along', async (t) => {
  const [project, phase, before] = [
    await work.addProject(work.admin),
    await work.addPhase(),
    await work.addPhase(),
  ];
  await service.call('addPhaseDependency', 201, {
    as: work.admin,
    path: { phase_id: phase.id },
    body: { depends_on_id: before.id },
  });
  const path = { project_id: project.id };
  await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id: phase.id } });
  const { body } = await service.call('listProjectPhases', 200, { as: work.admin, path });
  t.deepEqual(
    body.map(({ phase_id }) => phase_id),
    [phase.id],
  );
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/projects/{project_id}/phases answers ${status} for ${title}`, async (t) => {
    const { id } = await work.addProject(work.admin);
    const request = { method: 'POST', path: `/api/projects/${id}/phases`, as: work.admin, ...sent };
    t.like(await service.send(request), { status, body: { code } });
  });
}

test('GET /api/projects/{project_id}/phases is ordered by the name of the phase', async (t) => {
  const project = await work.addProject(work.admin);
  const path = { project_id: project.id };
  for (const name of ['Recording', 'Draft', 'Team check', 'Community check']) {
    const { id: phase_id } = await work.addPhase({ name });
    await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id } });
  }
  const { body } = await service.call('listProjectPhases', 200, { as: work.admin, path });
  t.deepEqual(
    body.map(({ phase_name }) => phase_name),
    ['Community check', 'Draft', 'Recording', 'Team check'],
  );
});

test('GET /api/projects/{project_id}/phases answers an empty list where there are none', async (t) => {
  const as = await signUp(service);
  const path = { project_id: (await work.addProject(as)).id };
  t.deepEqual((await service.call('listProjectPhases', 200, { as, path })).body, []);
});

test('GET /api/projects/{project_id}/phases answers 404 to a platform admin for an unknown project', async (t) => {
  const path = { project_id: randomUUID() };
  const { body } = await service.call('listProjectPhases', 404, { as: work.admin, path });
  t.is(body.code, 'NOT_FOUND');
});

test('GET /api/projects/{project_id}/phases answers 400 to a platform admin for a malformed id', async (t) => {
  const path = { project_id: 'no-id' };
  const { body } = await service.call('listProjectPhases', 400, { as: work.admin, path });
  t.like(body.errors, [{ in: 'path', path: 'project_id' }]);
});

test('DELETE /api/projects/{project_id}/phases/{phase_id} answers 204, and 404 the second time', async (t) => {
  const [project, other, phase] = [
    await work.addProject(work.admin),
    await work.addProject(work.admin),
    await work.addPhase(),
  ];
  for (const { id: project_id } of [project, other]) {
    const attach = { as: work.admin, path: { project_id }, body: { phase_id: phase.id } };
    await service.call('attachProjectPhase', 204, attach);
  }
  const path = { project_id: project.id, phase_id: phase.id.toUpperCase() };
  await service.call('detachProjectPhase', 204, { as: work.admin, path });
  const { body } = await service.call('detachProjectPhase', 404, { as: work.admin, path });
  t.is(body.code, 'NOT_FOUND');
  const read = await service.call('getPhase', 200, { as: work.admin, path: { phase_id: phase.id } });
  t.deepEqual(read.body.project_ids, [other.id]);
});

test('DELETE /api/projects/{project_id}/phases/{phase_id} answers 404 for what is not there', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  for (const path of [
    { project_id: project.id, phase_id: phase.id },
    { project_id: project.id, phase_id: randomUUID() },
    { project_id: randomUUID(), phase_id: phase.id },
  ]) {
    const { body } = await service.call('detachProjectPhase', 404, { as: work.admin, path });
    t.is(body.code, 'NOT_FOUND');
  }
});

test('DELETE /api/projects/{project_id}/phases/{phase_id} answers 400 for a malformed id', async (t) => {
  const project = await work.addProject(work.admin);
  const path = { project_id: project.id, phase_id: 'no-id' };
  const { body } = await service.call('detachProjectPhase', 400, { as: work.admin, path });
  t.like(body.errors, [{ in: 'path', path: 'phase_id' }]);
});

test('Twenty requests to detach one phase at once detach it once', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  const attach = { as: work.admin, path: { project_id: project.id }, body: { phase_id: phase.id } };
  await service.call('attachProjectPhase', 204, attach);
  const path = `/api/projects/${project.id}/phases/${phase.id}`;
  const answers = await twentyAtOnce(() => service.send({ method: 'DELETE', path, as: work.admin }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
});

test('A member sees the phases of a project and changes none', async (t) => {
  const [project, phase, member] = [
    await work.addProject(work.admin),
    await work.addPhase(),
    await signUp(service),
  ];
  const path = { project_id: project.id };
  const access = { user_id: member.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body: access });
  await service.call('attachProjectPhase', 403, { as: member, path, body: { phase_id: phase.id } });
  await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id: phase.id } });
  await service.call('detachProjectPhase', 403, { as: member, path: { ...path, phase_id: phase.id } });
  t.is((await service.call('listProjectPhases', 200, { as: member, path })).body.length, 1);
});
