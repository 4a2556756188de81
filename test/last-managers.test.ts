import test from 'ava';
import type { Answer } from './helpers/client.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { signUp, type Person } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const [one, other] = [await signUp(service), await signUp(service)];
test.after.always(() => service.stop());

interface Project {
  readonly id: string;
}

const at = (project: Project, person: Person) => ({
  path: { project_id: project.id, user_id: person.id },
});

async function grant(project: Project, person: Person, role: 'member' | 'manager'): Promise<void> {
  const body = { user_id: person.id, role };
  await service.call('grantProjectUserAccess', 201, { as: work.admin, ...at(project, person), body });
}

async function managersOf(project: Project): Promise<string[]> {
  const { body } = await service.call('listProjectUserAccess', 200, {
    as: work.admin,
    path: { project_id: project.id },
  });
  return body.filter(({ role }) => role === 'manager').map(({ user_id }) => user_id);
}

function remove(as: Person, project: Project, person: Person): Promise<Answer<unknown>> {
  const path = `/api/projects/${project.id}/access/users/${person.id}`;
  return service.send({ method: 'DELETE', path, as });
}

function demote(as: Person, project: Project, person: Person): Promise<Answer<unknown>> {
  const path = `/api/projects/${project.id}/access/users/${person.id}`;
  return service.send({ method: 'PATCH', path, as, body: JSON.stringify({ role: 'member' }) });
}

const refusal = {
  status: 409,
  body: { code: 'LAST_MANAGER', detail: 'The project needs another manager first.' },
};

test('The last direct manager can neither leave nor be demoted, and nothing of it is in the audit', async (t) => {
  const manager = await signUp(service);
  const project = await work.addProject(manager);
  await grant(project, await signUp(service), 'member');
  t.like(await remove(manager, project, manager), refusal);
  t.like(await demote(manager, project, manager), refusal);
  const body = { role: 'manager' } as const;
  await service.call('updateProjectUserAccess', 200, { as: manager, ...at(project, manager), body });
  t.deepEqual(await managersOf(project), [manager.id]);
  const events = await eventsAbout(service, manager);
  t.deepEqual(
    events.filter(({ details }) => details['project_id'] === project.id).map(({ action }) => action),
    ['project_access.granted'],
  );
});

test('Whoever manages a project through an organization cannot take its last direct manager from it', async (t) => {
  const organization = await createOrganization(service);
  const through = await memberOf(service, organization, 'manager');
  const manager = await signUp(service);
  const project = await work.addProject(manager);
  const body = { organization_id: organization.id };
  await service.call('grantProjectOrganizationAccess', 201, { as: manager, ...at(project, manager), body });
  t.like(await remove(through, project, manager), refusal);
  t.like(await demote(through, project, manager), refusal);
  t.like(await remove(manager, project, manager), refusal);
});

test('A platform admin may demote and remove the last direct manager', async (t) => {
  const manager = await signUp(service);
  const [one, other] = [await work.addProject(manager), await work.addProject(manager)];
  t.is((await demote(work.admin, one, manager)).status, 200);
  t.is((await remove(work.admin, other, manager)).status, 204);
  t.deepEqual([await managersOf(one), await managersOf(other)], [[], []]);
  const own = await work.addProject(work.admin);
  t.is((await remove(work.admin, own, work.admin)).status, 204);
});

test('A manager may leave or step back once there is another', async (t) => {
  const [first, second] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(first);
  await grant(project, second, 'manager');
  t.is((await demote(first, project, first)).status, 200);
  t.like(await remove(second, project, second), refusal);
  const body = { role: 'manager' } as const;
  await service.call('updateProjectUserAccess', 200, { as: second, ...at(project, first), body });
  t.is((await remove(second, project, second)).status, 204);
  t.deepEqual(await managersOf(project), [first.id]);
});

test('A manager whose account is inactive does not count', async (t) => {
  const [active, inactive] = [await signUp(service), await signUp(service)];
  const project = await work.addProject(active);
  await grant(project, inactive, 'manager');
  await service.context.database('users').where({ id: inactive.id }).update({ is_active: false });
  t.like(await remove(active, project, active), refusal);
  t.like(await demote(active, project, active), refusal);
  t.is((await remove(active, project, inactive)).status, 204);
});

async function addManagedByBoth(): Promise<Project> {
  const project = await work.addProject(one);
  await grant(project, other, 'manager');
  return project;
}

test('Of two managers who leave at once one remains', async (t) => {
  await raceInBothOrders(async (race) => {
    const project = await addManagedByBoth();
    const answers = await race(
      () => remove(one, project, one),
      () => remove(other, project, other),
    );
    t.deepEqual(answers.map(({ status }) => status).sort(), [204, 409]);
    t.is((await managersOf(project)).length, 1);
  });
});

for (const [title, change, done] of [
  ['demote', demote, 200],
  ['remove', remove, 204],
] as const) {
  test(`Of two managers who ${title} each other at once one remains`, async (t) => {
    await raceInBothOrders(async (race) => {
      const project = await addManagedByBoth();
      const answers = await race(
        () => change(one, project, other),
        () => change(other, project, one),
      );
      const [better, worse] = answers.map(({ status }) => status).sort();
      t.is(better, done);
      t.true(worse === 403 || worse === 409, String(worse));
      t.is((await managersOf(project)).length, 1);
    });
  });
}

test('Of two managers of whom one leaves while the other steps back one remains', async (t) => {
  await raceInBothOrders(async (race) => {
    const project = await addManagedByBoth();
    const [left, steppedBack] = await race(
      () => remove(one, project, one),
      () => demote(other, project, other),
    );
    t.deepEqual([left.status, steppedBack.status], left.status === 204 ? [204, 409] : [409, 200]);
    t.is((await managersOf(project)).length, 1);
  });
});

test('Of two managers of whom one leaves while the other deletes their account one remains', async (t) => {
  await raceInBothOrders(async (race) => {
    const leaving = await signUp(service);
    const project = await work.addProject(leaving);
    await grant(project, one, 'manager');
    await grant(project, other, 'member');
    const [left, deleted] = await race(
      () => remove(one, project, one),
      () => service.send({ method: 'DELETE', path: '/api/auth/me', as: leaving }),
    );
    t.deepEqual([left.status, deleted.status].sort(), [204, 409]);
    t.is((await managersOf(project)).length, 1);
  });
});
