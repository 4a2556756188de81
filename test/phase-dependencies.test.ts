import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
test.after.always(() => service.stop());

async function addPhase(): Promise<string> {
  return (await work.addPhase()).id;
}

async function addDependency(phase_id: string, depends_on_id: string): Promise<Schema<'PhaseDependency'>> {
  const request = { as: work.admin, path: { phase_id }, body: { depends_on_id } };
  return (await service.call('addPhaseDependency', 201, request)).body;
}

async function refused(phase_id: string, depends_on_id: string): Promise<Schema<'Problem'>> {
  const request = { as: work.admin, path: { phase_id }, body: { depends_on_id } };
  return (await service.call('addPhaseDependency', 409, request)).body;
}

async function dependenciesOf(phase_id: string): Promise<string[]> {
  const { body } = await service.call('listPhaseDependencies', 200, { as: work.admin, path: { phase_id } });
  return body.map(({ depends_on_id }) => depends_on_id);
}

/** Whether the path leads from the phase back to itself, each step but the first a dependency that is there. */
async function isCycleFrom(phase_id: string, path: readonly string[] = []): Promise<boolean> {
  const [first, second = ''] = path;
  const known = [];
  for (const [index, id] of path.slice(1, -1).entries()) {
    known.push((await dependenciesOf(id)).includes(path[index + 2] ?? ''));
  }
  return first === phase_id && path.at(-1) === phase_id && second !== '' && known.every(Boolean);
}

test('POST /api/phases/{phase_id}/dependencies answers 201 with the dependency', async (t) => {
  const [phase_id, depends_on_id] = [await addPhase(), await addPhase()];
  const dependency = await addDependency(phase_id, depends_on_id);
  t.like(dependency, { phase_id, depends_on_id });
  const path = { phase_id };
  const { body } = await service.call('listPhaseDependencies', 200, { as: await signUp(service), path });
  t.deepEqual(body, [dependency]);
});

test('GET /api/phases/{phase_id}/dependencies answers only direct ones, in the order in which they were added', async (t) => {
  const [a, b, c, d] = [await addPhase(), await addPhase(), await addPhase(), await addPhase()];
  await addDependency(a, d);
  await addDependency(a, b);
  await addDependency(b, c);
  await addDependency(a, c);
  t.deepEqual(await dependenciesOf(a), [d, b, c]);
  t.deepEqual(await dependenciesOf(a.toUpperCase()), [d, b, c]);
  t.deepEqual(await dependenciesOf(c), []);
});

test('GET /api/phases/{phase_id}/dependencies answers 404 for an unknown phase', async (t) => {
  const path = { phase_id: randomUUID() };
  const { body } = await service.call('listPhaseDependencies', 404, { as: work.admin, path });
  t.is(body.code, 'NOT_FOUND');
});

test('POST /api/phases/{phase_id}/dependencies answers 409 for one that exists already', async (t) => {
  const [a, b] = [await addPhase(), await addPhase()];
  await addDependency(a, b);
  for (const [phase, dependsOn] of [
    [a, b],
    [a.toUpperCase(), b],
    [a, b.toUpperCase()],
  ] as const) {
    t.is((await refused(phase, dependsOn)).code, 'DEPENDENCY_EXISTS');
  }
  t.deepEqual(await dependenciesOf(a), [b]);
});

test('POST /api/phases/{phase_id}/dependencies answers 409 for the phase itself, the smallest cycle', async (t) => {
  const id = await addPhase();
  for (const [phase, dependsOn] of [
    [id, id],
    [id, id.toUpperCase()],
    [id.toUpperCase(), id],
  ] as const) {
    const { code, cycle } = await refused(phase, dependsOn);
    t.deepEqual([code, cycle], ['PHASE_CYCLE', [id, id]]);
  }
});

test('POST /api/phases/{phase_id}/dependencies answers 409 with the cycle that it would close', async (t) => {
  const [a, b, c, d] = [await addPhase(), await addPhase(), await addPhase(), await addPhase()];
  await addDependency(a, b);
  t.deepEqual((await refused(b, a)).cycle, [b, a, b]);
  await addDependency(b, c);
  await addDependency(c, d);
  for (const [phase, dependsOn] of [
    [d, a],
    [d.toUpperCase(), a],
    [d, a.toUpperCase()],
    [d.toUpperCase(), a.toUpperCase()],
  ] as const) {
    const { code, cycle } = await refused(phase, dependsOn);
    t.deepEqual([code, cycle], ['PHASE_CYCLE', [d, a, b, c, d]]);
  }
  t.deepEqual(await dependenciesOf(d), []);
});

test('The cycle that is answered goes around by dependencies that are there, past those that lead nowhere', async (t) => {
  const [a, b, c, d] = [await addPhase(), await addPhase(), await addPhase(), await addPhase()];
  const dead = [await addPhase(), await addPhase(), await addPhase()];
  for (const id of [a, b, c]) for (const end of dead) await addDependency(id, end);
  for (const [phase, dependsOn] of [
    [a, b],
    [a, c],
    [b, d],
    [c, d],
  ] as const) {
    await addDependency(phase, dependsOn);
  }
  const { cycle } = await refused(d, a);
  t.is(cycle?.length, 4);
  t.true(await isCycleFrom(d, cycle));
});

test('Phases may wait for the same one by different ways', async (t) => {
  const [a, b, c, d] = [await addPhase(), await addPhase(), await addPhase(), await addPhase()];
  await addDependency(a, b);
  await addDependency(a, c);
  await addDependency(b, d);
  await addDependency(c, d);
  await addDependency(a, d);
  t.deepEqual(await dependenciesOf(a), [b, c, d]);
});

test('A dependency is possible once the cycle that it would close is cut', async (t) => {
  const [a, b, c] = [await addPhase(), await addPhase(), await addPhase()];
  await addDependency(a, b);
  await addDependency(b, c);
  await refused(c, a);
  const path = { phase_id: b, depends_on_id: c };
  await service.call('removePhaseDependency', 204, { as: work.admin, path });
  await addDependency(c, a);
  t.deepEqual((await refused(b, c)).cycle, [b, c, a, b]);
});

test('POST /api/phases/{phase_id}/dependencies answers 404 for an unknown phase, also if both are', async (t) => {
  const [known, unknown] = [await addPhase(), randomUUID()];
  for (const depends_on_id of [known, unknown, randomUUID()]) {
    const request = { as: work.admin, path: { phase_id: unknown }, body: { depends_on_id } };
    t.is((await service.call('addPhaseDependency', 404, request)).body.code, 'NOT_FOUND');
  }
});

test('POST /api/phases/{phase_id}/dependencies answers 422 for an unknown phase to wait for', async (t) => {
  const phase_id = await addPhase();
  const request = { as: work.admin, path: { phase_id }, body: { depends_on_id: randomUUID() } };
  t.is((await service.call('addPhaseDependency', 422, request)).body.code, 'UNKNOWN_REFERENCE');
});

test('POST /api/phases/{phase_id}/dependencies answers 400 for anything but one id', async (t) => {
  const phase_id = await addPhase();
  for (const body of [
    '{}',
    '{"depends_on_id": null}',
    '{"depends_on_id": "no-id"}',
    '{"depends_on_id": []}',
  ]) {
    const path = `/api/phases/${phase_id}/dependencies`;
    const answer = await service.send({ method: 'POST', path, as: work.admin, body });
    t.like(answer, { status: 400, body: { errors: [{ in: 'body', path: 'depends_on_id' }] } }, body);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/phases/{phase_id}/dependencies answers ${status} for ${title}`, async (t) => {
    const path = `/api/phases/${await addPhase()}/dependencies`;
    const answer = await service.send({ method: 'POST', path, as: work.admin, ...sent });
    t.like(answer, { status, body: { code } });
  });
}

test('DELETE /api/phases/{phase_id}/dependencies/{depends_on_id} answers 204, and 404 the second time', async (t) => {
  const [a, b, c] = [await addPhase(), await addPhase(), await addPhase()];
  await addDependency(a, b);
  await addDependency(a, c);
  const request = { as: work.admin, path: { phase_id: a, depends_on_id: b.toUpperCase() } };
  await service.call('removePhaseDependency', 204, request);
  t.is((await service.call('removePhaseDependency', 404, request)).body.code, 'NOT_FOUND');
  t.deepEqual(await dependenciesOf(a), [c]);
});

test('DELETE /api/phases/{phase_id}/dependencies/{depends_on_id} answers 404 the other way round', async (t) => {
  const [a, b] = [await addPhase(), await addPhase()];
  await addDependency(a, b);
  const path = { phase_id: b, depends_on_id: a };
  await service.call('removePhaseDependency', 404, { as: work.admin, path });
  t.deepEqual(await dependenciesOf(a), [b]);
});

test('A malformed id in the path of dependencies is 400 to whoever may ask', async (t) => {
  const [as, phase_id, depends_on_id] = [work.admin, 'no-id', await addPhase()];
  const problems = [
    await service.call('listPhaseDependencies', 400, { as, path: { phase_id } }),
    await service.call('addPhaseDependency', 400, { as, path: { phase_id }, body: { depends_on_id } }),
    await service.call('removePhaseDependency', 400, { as, path: { phase_id, depends_on_id } }),
  ];
  for (const { body } of problems) t.like(body.errors, [{ in: 'path', path: 'phase_id' }]);
});
