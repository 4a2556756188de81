import { randomUUID } from 'node:crypto';
import test from 'ava';
import { signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const mombasa = { latitude: -4.0435, longitude: 39.6682, location_display_name: 'Mombasa, Kenya' };
test.after.always(() => service.stop());

test('PATCH /api/projects/{project_id}/location changes the place and nothing else', async (t) => {
  const as = await signUp(service);
  const project = await work.addProject(as, { description: 'Stays', ...mombasa });
  const path = { project_id: project.id };
  const zanzibar = { latitude: -6.1659, longitude: 39.2026, location_display_name: 'Zanzibar, Tanzania' };
  const { body } = await service.call('updateProjectLocation', 200, { as, path, body: zanzibar });
  t.deepEqual(body, { ...project, ...zanzibar, updated_at: body.updated_at });
  t.true(body.updated_at >= project.updated_at);
  t.deepEqual((await service.call('getProject', 200, { as, path })).body, body);
});

test('PATCH /api/projects/{project_id}/location keeps what is absent', async (t) => {
  const as = await signUp(service);
  const path = { project_id: (await work.addProject(as, mombasa)).id };
  const named = await service.call('updateProjectLocation', 200, {
    as,
    path,
    body: { location_display_name: 'Old Town' },
  });
  t.like(named.body, { ...mombasa, location_display_name: 'Old Town' });
  const moved = await service.call('updateProjectLocation', 200, {
    as,
    path,
    body: { latitude: 0, longitude: 0 },
  });
  t.like(moved.body, { latitude: 0, longitude: 0, location_display_name: 'Old Town' });
});

test('PATCH /api/projects/{project_id}/location clears what is null', async (t) => {
  const as = await signUp(service);
  const path = { project_id: (await work.addProject(as, mombasa)).id };
  const nowhere = { latitude: null, longitude: null };
  const cleared = await service.call('updateProjectLocation', 200, { as, path, body: nowhere });
  t.like(cleared.body, { ...mombasa, ...nowhere });
  const unnamed = await service.call('updateProjectLocation', 200, {
    as,
    path,
    body: { location_display_name: null },
  });
  t.like(unnamed.body, { ...nowhere, location_display_name: null });
});

test('PATCH /api/projects/{project_id}/location answers 400 for half a place, and changes nothing', async (t) => {
  const as = await signUp(service);
  const projects = [await work.addProject(as, mombasa), await work.addProject(as)];
  for (const project of projects) {
    const path = { project_id: project.id };
    for (const half of [
      { latitude: 1 },
      { longitude: 1 },
      { latitude: null },
      { longitude: null },
      { latitude: 1, longitude: null },
      { latitude: null, longitude: 1 },
      { latitude: 1, location_display_name: 'Half' },
    ]) {
      const { body } = await service.call('updateProjectLocation', 400, { as, path, body: half });
      t.is(body.code, 'VALIDATION_ERROR', JSON.stringify(half));
      t.regex(body.errors?.[0]?.path ?? '', /^(latitude|longitude)$/, JSON.stringify(body.errors));
    }
    t.deepEqual((await service.call('getProject', 200, { as, path })).body, project);
  }
});

test('PATCH /api/projects/{project_id}/location answers 400 beyond the edge of the map', async (t) => {
  const as = await signUp(service);
  const path = { project_id: (await work.addProject(as, mombasa)).id };
  for (const [latitude, longitude] of [
    [91, 0],
    [-91, 0],
    [0, 181],
    [0, -181],
  ]) {
    const body = { latitude: latitude ?? null, longitude: longitude ?? null };
    const answer = await service.call('updateProjectLocation', 400, { as, path, body });
    t.is(answer.body.code, 'VALIDATION_ERROR');
  }
});

test('PATCH /api/projects/{project_id}/location answers 400 for numbers in quotes and numbers without end', async (t) => {
  const as = await signUp(service);
  const { id } = await work.addProject(as, mombasa);
  for (const latitude of ['"1"', '1e999', 'true', '[1]']) {
    const { status } = await service.send({
      method: 'PATCH',
      path: `/api/projects/${id}/location`,
      as,
      body: `{"latitude": ${latitude}, "longitude": 1}`,
    });
    t.is(status, 400, latitude);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/projects/{project_id}/location answers ${status} for ${title}`, async (t) => {
    const as = await signUp(service);
    const { id } = await work.addProject(as);
    const path = `/api/projects/${id}/location`;
    const answer = await service.send({ method: 'PATCH', path, as, ...sent });
    t.like(answer, { status, body: { code } });
  });
}

test('PATCH /api/projects/{project_id}/location answers 400 for an empty body and for other fields', async (t) => {
  const as = await signUp(service);
  const { id } = await work.addProject(as);
  const path = `/api/projects/${id}/location`;
  for (const body of ['{}', 'null', '[]', '{"name": "Elsewhere"}']) {
    const answer = await service.send({ method: 'PATCH', path, as, body });
    t.like(answer, { status: 400, body: { code: 'VALIDATION_ERROR' } }, body);
  }
});

test('PATCH /api/projects/{project_id}/location answers 403 to a member', async (t) => {
  const project = await work.addProject(work.admin, mombasa);
  const path = { project_id: project.id };
  const as = await signUp(service);
  const member = { user_id: as.id, role: 'member' } as const;
  await service.call('grantProjectUserAccess', 201, { as: work.admin, path, body: member });
  const body = { location_display_name: 'Elsewhere' };
  const answer = await service.call('updateProjectLocation', 403, { as, path, body });
  t.deepEqual(answer.body.held_roles, [`project:${project.id}:member`]);
  t.deepEqual((await service.call('getProject', 200, { as, path })).body, project);
});

test('PATCH /api/projects/{project_id}/location answers 404 to a platform admin for an unknown project', async (t) => {
  const path = { project_id: randomUUID() };
  const answer = await service.call('updateProjectLocation', 404, { as: work.admin, path, body: mombasa });
  t.is(answer.body.code, 'NOT_FOUND');
});
