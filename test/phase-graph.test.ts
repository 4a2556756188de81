import test from 'ava';
import { PhaseDependency } from '../src/models/phase-dependency.ts';
import type { Answer } from './helpers/client.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

const rounds = Array.from({ length: 20 }, (_, round) => round);

async function addPhase(): Promise<string> {
  return (await work.addPhase()).id;
}

function addDependency(phase_id: string, depends_on_id: string): Promise<Answer<unknown>> {
  return service.send({
    method: 'POST',
    path: `/api/phases/${phase_id}/dependencies`,
    as: work.admin,
    body: JSON.stringify({ depends_on_id }),
  });
}

function deletePhase(id: string): Promise<Answer<unknown>> {
  return service.send({ method: 'DELETE', path: `/api/phases/${id}`, as: work.admin });
}

/** Phases that wait for themselves by any way. */
async function phasesInCycles(): Promise<unknown[]> {
  const { rows } = await service.context.database.raw<{ rows: unknown[] }>(`
    with recursive waits (phase_id, for_id) as (
      select phase_id, depends_on_id from phase_dependencies
      union
      select waits.phase_id, depends_on_id from waits join phase_dependencies next on next.phase_id = for_id)
    select phase_id from waits where phase_id = for_id`);
  return rows;
}

test.serial('Of two dependencies that close a cycle, sent at once, exactly one is added', async (t) => {
  for (const round of rounds) {
    const [a, b] = [await addPhase(), await addPhase()];
    const pair = [
      [a, b],
      [b, a],
    ] as const;
    const ordered = round % 2 === 0 ? pair : pair.toReversed();
    const answers = await Promise.all(ordered.map(([phase, dependsOn]) => addDependency(phase, dependsOn)));
    t.deepEqual(answers.map(({ status }) => status).sort(), [201, 409]);
    t.like(
      answers.find(({ status }) => status === 409),
      { body: { code: 'PHASE_CYCLE' } },
    );
  }
  t.deepEqual(await phasesInCycles(), []);
});

test.serial('Of three dependencies that close a cycle, sent at once, exactly two are added', async (t) => {
  for (const round of rounds) {
    const [a, b, c] = [await addPhase(), await addPhase(), await addPhase()];
    const ring = [
      [a, b],
      [b, c],
      [c, a],
    ] as const;
    const ordered = round % 2 === 0 ? ring : ring.toReversed();
    const answers = await Promise.all(ordered.map(([phase, dependsOn]) => addDependency(phase, dependsOn)));
    t.deepEqual(answers.map(({ status }) => status).sort(), [201, 201, 409]);
  }
  t.deepEqual(await phasesInCycles(), []);
});

test.serial('Of twenty equal dependencies sent at once exactly one is added', async (t) => {
  const [a, b] = [await addPhase(), await addPhase()];
  const answers = await twentyAtOnce(() => addDependency(a, b));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
  for (const { body } of answers.slice(1)) t.like(body, { code: 'DEPENDENCY_EXISTS' });
});

test.serial('A dependency that is added while its phases are deleted leaves nothing behind', async (t) => {
  for (const round of rounds) {
    const [a, b, c] = [await addPhase(), await addPhase(), await addPhase()];
    const requests = [
      () => addDependency(a, b),
      () => deletePhase(b),
      () => addDependency(b, c),
      () => deletePhase(a),
      () => addDependency(c, a),
    ];
    const ordered = round % 2 === 0 ? requests : requests.toReversed();
    const answers = await Promise.all(ordered.map((send) => send()));
    const statuses = answers.map(({ status }) => status);
    t.is(statuses.filter((status) => status === 204).length, 2, String(statuses));
    t.true(
      statuses.every((status) => [201, 204, 404, 409, 422].includes(status)),
      String(statuses),
    );
    const { rowCount } = await service.context.database.raw<{ rowCount: number }>(
      'select from phase_dependencies where phase_id = any(?) or depends_on_id = any(?)',
      [
        [a, b],
        [a, b],
      ],
    );
    t.is(rowCount, 0);
  }
});

test.serial('A phase that is attached while it is deleted leaves nothing behind', async (t) => {
  const project = await work.addProject(work.admin);
  for (const round of rounds) {
    const phase_id = await addPhase();
    const requests = [
      () =>
        service.send({
          method: 'POST',
          path: `/api/projects/${project.id}/phases`,
          as: work.admin,
          body: JSON.stringify({ phase_id }),
        }),
      () => deletePhase(phase_id),
    ];
    const ordered = round % 2 === 0 ? requests : requests.toReversed();
    const statuses = (await Promise.all(ordered.map((send) => send()))).map(({ status }) => status);
    t.true(
      ['204,204', '204,422', '422,204'].includes(String(statuses)),
      `round ${round} answered ${String(statuses)}`,
    );
  }
  const path = { project_id: project.id };
  t.deepEqual((await service.call('listProjectPhases', 200, { as: work.admin, path })).body, []);
});

test.serial('Twenty requests to delete one phase at once delete it once', async (t) => {
  const id = await addPhase();
  const answers = await twentyAtOnce(() => deletePhase(id));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
});

test.serial(
  'Among 12 layers of 8 phases, each waiting for the whole next layer, a cycle is found at once',
  async (t) => {
    const layers: string[][] = [];
    while (layers.length < 12) layers.push(await Promise.all(Array.from({ length: 8 }, addPhase)));
    const edges = layers.flatMap((layer, index) =>
      layer.flatMap((phase_id) =>
        (layers[index + 1] ?? []).map((depends_on_id) => ({ phase_id, depends_on_id })),
      ),
    );
    t.is(edges.length, 704);
    // One request each would take longer than everything that is tried here.
    await PhaseDependency.query(service.context.database).insert(edges);
    const [top = '', bottom = '', above] = [layers[0]?.[0], layers[11]?.[7], await addPhase()];

    const start = performance.now();
    const refused = await addDependency(bottom, top);
    const added = await addDependency(above, top);
    const elapsed = performance.now() - start;

    t.deepEqual([refused.status, added.status], [409, 201]);
    t.true(elapsed < 1000, `two checks took ${elapsed} ms`);
    const { cycle = [] } = refused.body as { cycle?: string[] };
    t.is(cycle.length, 13);
    t.deepEqual([cycle[0], cycle[1], cycle.at(-1)], [bottom, top, bottom]);
    const known = new Set(edges.map(({ phase_id, depends_on_id }) => `${phase_id} ${depends_on_id}`));
    for (const [index, id] of cycle.slice(1, -1).entries()) t.true(known.has(`${id} ${cycle[index + 2]}`));
  },
);
