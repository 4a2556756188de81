import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { twentyAtOnce } from './helpers/parallel.ts';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

type Status = Schema<'ProjectPhase'>['status'];
interface Named {
  readonly id: string;
}

async function attach(project: Named, phase: Named): Promise<void> {
  const path = { project_id: project.id };
  await service.call('attachProjectPhase', 204, { as: work.admin, path, body: { phase_id: phase.id } });
}

async function setStatus(project: Named, phase: Named, status: Status) {
  const path = { project_id: project.id, phase_id: phase.id };
  return (await service.call('updateProjectPhase', 200, { as: work.admin, path, body: { status } })).body;
}

async function letWait(waiting: Named, awaited: Named): Promise<void> {
  const request = { as: work.admin, path: { phase_id: waiting.id } };
  await service.call('addPhaseDependency', 201, { ...request, body: { depends_on_id: awaited.id } });
}

async function overview(project: Named) {
  const request = { as: work.admin, path: { project_id: project.id } };
  return (await service.call('listProjectPhasesWithDependencies', 200, request)).body;
}

async function readiness(project: Named) {
  const { phases } = await overview(project);
  return phases.map(({ phase_name, ready, blocked_by }) => [phase_name, ready, blocked_by]);
}

/** Phases a, b, c … by name, with ids that ascend. */
async function addPhases(...names: string[]): Promise<Schema<'Phase'>[]> {
  const phases = [];
  for (const name of names) phases.push(await work.addPhase({ name }));
  return phases;
}

test('PATCH /api/projects/{project_id}/phases/{phase_id} lets any status follow any other', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase({ description: 'Aloud' })];
  await attach(project, phase);
  const path = { project_id: project.id };
  const { body: before } = await service.call('listProjectPhases', 200, { as: work.admin, path });
  const all = ['not_started', 'in_progress', 'completed', 'blocked'] as const;
  for (const from of all) {
    for (const to of all) {
      await setStatus(project, phase, from);
      const changed = await setStatus(project, phase, to);
      t.deepEqual(changed, { ...before[0], status: to } as typeof changed);
      const { body: list } = await service.call('listProjectPhases', 200, { as: work.admin, path });
      t.deepEqual(list, [changed]);
    }
  }
});

test('PATCH /api/projects/{project_id}/phases/{phase_id} is for plain members too', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  await attach(project, phase);
  const [member, stranger] = [await signUp(service), await signUp(service)];
  const path = { project_id: project.id, phase_id: phase.id };
  const access = { user_id: member.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body: access });
  const body = { status: 'in_progress' } as const;
  t.is(
    (await service.call('updateProjectPhase', 200, { as: member, path, body })).body.status,
    'in_progress',
  );
  await service.call('updateProjectPhase', 403, { as: stranger, path, body });
  await service.call('listProjectPhasesWithDependencies', 200, { as: member, path });
  await service.call('listProjectPhasesWithDependencies', 403, { as: stranger, path });
});

test('The status of a phase is that of one project', async (t) => {
  const [project, other] = [await work.addProject(work.admin), await work.addProject(work.admin)];
  const phase = await work.addPhase();
  await attach(project, phase);
  await attach(other, phase);
  await setStatus(project, phase, 'completed');
  const path = { project_id: other.id };
  const { body } = await service.call('listProjectPhases', 200, { as: work.admin, path });
  t.is(body[0]?.status, 'not_started');
});

test('PATCH /api/projects/{project_id}/phases/{phase_id} answers 404 for what the project does not have', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  const body = { status: 'completed' } as const;
  for (const path of [
    { project_id: project.id, phase_id: phase.id },
    { project_id: project.id, phase_id: randomUUID() },
    { project_id: randomUUID(), phase_id: phase.id },
  ]) {
    const problem = await service.call('updateProjectPhase', 404, { as: work.admin, path, body });
    t.is(problem.body.code, 'NOT_FOUND');
  }
});

test('PATCH /api/projects/{project_id}/phases/{phase_id} answers 400 for another status and malformed ids', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  await attach(project, phase);
  const path = `/api/projects/${project.id}/phases/${phase.id}`;
  for (const body of [
    '{}',
    '{"status": "done"}',
    '{"status": null}',
    '{"status": "blocked", "ready": true}',
  ]) {
    const answer = await service.send({ method: 'PATCH', path, as: work.admin, body });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, body);
  }
  const wrong = { project_id: project.id, phase_id: 'no-id' };
  const request = { as: work.admin, path: wrong, body: { status: 'blocked' } as const };
  t.like((await service.call('updateProjectPhase', 400, request)).body.errors, [{ path: 'phase_id' }]);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/projects/{project_id}/phases/{phase_id} answers ${status} for ${title}`, async (t) => {
    const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
    const path = `/api/projects/${project.id}/phases/${phase.id}`;
    t.like(await service.send({ method: 'PATCH', path, as: work.admin, ...sent }), {
      status,
      body: { code },
    });
  });
}

test('Twenty changes of one status at once all succeed, and one of them stays', async (t) => {
  const [project, phase] = [await work.addProject(work.admin), await work.addPhase()];
  await attach(project, phase);
  const path = `/api/projects/${project.id}/phases/${phase.id}`;
  let count = 0;
  const answers = await twentyAtOnce(() => {
    count += 1;
    const body = JSON.stringify({ status: count % 2 === 0 ? 'completed' : 'blocked' });
    return service.send({ method: 'PATCH', path, as: work.admin, body });
  });
  t.true(answers.every(({ status }) => status === 200));
  const [left] = (await overview(project)).phases;
  t.true(left?.status === 'completed' || left?.status === 'blocked');
});

test('GET /api/projects/{project_id}/phases-with-deps names all that a phase directly waits for, in the project or not', async (t) => {
  const project = await work.addProject(work.admin);
  const [draft, check, recording, elsewhere] = await addPhases(
    'A draft',
    'B check',
    'C recording',
    'D elsewhere',
  );
  if (!draft || !check || !recording || !elsewhere) throw new Error('phases are missing');
  for (const phase of [recording, check, draft]) await attach(project, phase);
  await letWait(recording, elsewhere);
  await letWait(recording, check);
  await letWait(check, draft);
  const { phases, dependencies } = await overview(project);
  t.deepEqual(dependencies, {
    [draft.id]: [],
    [check.id]: [draft.id],
    [recording.id]: [check.id, elsewhere.id],
  });
  const path = { project_id: project.id };
  const { body: list } = await service.call('listProjectPhases', 200, { as: work.admin, path });
  t.deepEqual(
    phases.map(({ ready: _ready, blocked_by: _blocked, ...phase }) => phase),
    list,
  );
  t.deepEqual(
    phases.map(({ phase_name }) => phase_name),
    ['A draft', 'B check', 'C recording'],
  );
});

test('A phase is ready once every phase it directly waits for is completed or not in the project', async (t) => {
  const [project, other] = [await work.addProject(work.admin), await work.addProject(work.admin)];
  const [first, second, last] = await addPhases('First', 'Second', 'Third');
  if (!first || !second || !last) throw new Error('phases are missing');
  for (const phase of [first, second, last]) await attach(other, phase);
  await letWait(second, first);
  await letWait(last, second);
  await letWait(last, first);
  await attach(project, last);
  t.deepEqual(await readiness(project), [['Third', true, []]]);

  await attach(project, first);
  for (const status of ['not_started', 'in_progress', 'blocked'] as const) {
    await setStatus(project, first, status);
    t.deepEqual(await readiness(project), [
      ['First', true, []],
      ['Third', false, [first.id]],
    ]);
  }
  await setStatus(project, first, 'completed');
  await setStatus(project, last, 'completed');
  await attach(project, second);
  t.deepEqual(await readiness(project), [
    ['First', true, []],
    ['Second', true, []],
    ['Third', false, [second.id]],
  ]);
  await setStatus(project, first, 'in_progress');
  t.deepEqual(await readiness(project), [
    ['First', true, []],
    ['Second', false, [first.id]],
    ['Third', false, [first.id, second.id]],
  ]);
  const path = { project_id: project.id, phase_id: first.id };
  await service.call('detachProjectPhase', 204, { as: work.admin, path });
  t.deepEqual(await readiness(project), [
    ['Second', true, []],
    ['Third', false, [second.id]],
  ]);
  t.deepEqual((await readiness(other))[2], ['Third', false, [first.id, second.id]]);
});

test('GET /api/projects/{project_id}/phases-with-deps answers nothing where there is nothing', async (t) => {
  const project = await work.addProject(work.admin);
  t.deepEqual(await overview(project), { phases: [], dependencies: {} });
});

test('GET /api/phases/with-dependencies answers all phases as the list does, and what each waits for', async (t) => {
  const person = await signUp(service);
  const project = await work.addProject(person);
  const [draft, check, alone] = await addPhases('Draft', 'Check', 'Alone');
  if (!draft || !check || !alone) throw new Error('phases are missing');
  await attach(project, draft);
  await letWait(check, alone);
  await letWait(check, draft);
  for (const as of [person, await signUp(service), work.admin]) {
    const { body } = await service.call('listPhasesWithDependencies', 200, { as });
    const ids = new Set([draft.id, check.id, alone.id]);
    const { body: list } = await service.call('listPhases', 200, { as });
    t.deepEqual(
      body.phases.filter(({ id }) => ids.has(id)),
      list.filter(({ id }) => ids.has(id)),
    );
    t.deepEqual(Object.keys(body.dependencies).sort(), body.phases.map(({ id }) => id).sort());
    t.deepEqual(body.dependencies[check.id], [draft.id, alone.id]);
    t.deepEqual([body.dependencies[draft.id], body.dependencies[alone.id]], [[], []]);
  }
});
