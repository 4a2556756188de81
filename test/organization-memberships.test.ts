import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp, type Person } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const { admin } = work;
const someone = await signUp(service);
test.after.always(() => service.stop());

type Role = 'member' | 'manager';

const at = ({ id }: { id: string }) => ({ path: { organization_id: id } });
const membership = (organization: { id: string }, user: { id: string }) => ({
  path: { organization_id: organization.id, user_id: user.id },
});

async function add(organization: { id: string }, user: { id: string }, role: Role) {
  const body = { user_id: user.id, role };
  return (await service.call('addOrganizationMember', 201, { as: admin, ...at(organization), body })).body;
}

async function setRole(as: Person, organization: { id: string }, user: { id: string }, role: Role) {
  const request = { as, ...membership(organization, user), body: { role } };
  return (await service.call('updateOrganizationMember', 200, request)).body;
}

async function members(organization: { id: string }): Promise<Schema<'OrganizationMember'>[]> {
  return (await service.call('listOrganizationMembers', 200, { as: admin, ...at(organization) })).body;
}

async function changesOf(user: { id: string }) {
  const events = await eventsAbout(service, user);
  return events.filter(({ action }) => /^organization_member\.(updated|removed)$/.test(action));
}

test('GET /api/organizations/{organization_id}/members lists members with their addresses and names, by e-mail', async (t) => {
  const organization = await createOrganization(service);
  await add(await createOrganization(service), someone, 'member');
  const added = [];
  for (const [letter, role] of [
    ['c', 'member'],
    ['a', 'manager'],
    ['b', 'member'],
  ] as const) {
    const user = await signUp(service, { email: `${letter}-${randomUUID()}@example.org` });
    await service.call('updateMe', 200, { as: user, body: { display_name: `Neighbour ${letter}` } });
    added.push(await add(organization, user, role));
  }
  const [c, a, b] = added;
  const listed = await members(organization);
  t.deepEqual(listed, [a, b, c] as typeof listed);
  t.is(listed[0]?.display_name, 'Neighbour a');
});

test('GET /api/organizations/{organization_id}/members comes in pages', async (t) => {
  const organization = await createOrganization(service);
  for (let count = 0; count < 3; count++) await memberOf(service, organization, 'member');
  const first = await service.call('listOrganizationMembers', 200, {
    as: admin,
    ...at(organization),
    query: { limit: 2 },
  });
  const next = /<(.+)>; rel="next"/.exec(first.headers.get('Link') ?? '')?.[1] ?? '';
  const second = await service.send({ method: 'GET', path: next, as: admin });
  t.deepEqual([...first.body, ...(second.body as object[])], await members(organization));
  t.is(second.headers.get('Link'), null);
});

test('GET /api/organizations/{organization_id}/members leaves out the named manager who is no member', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  const { body } = await service.call('listOrganizationMembers', 200, { as: someone, ...at(organization) });
  t.deepEqual(body, []);
  await add(organization, someone, 'member');
  t.like((await members(organization))[0], { user_id: someone.id, role: 'member' });
});

test('GET /api/organizations/{organization_id}/members is for members, from the first request on to the last', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const request = { as: user, ...at(organization) };
  await service.call('listOrganizationMembers', 403, request);
  await add(organization, user, 'member');
  t.is((await service.call('listOrganizationMembers', 200, request)).body.length, 1);
  await service.call('removeOrganizationMember', 204, { as: admin, ...membership(organization, user) });
  await service.call('listOrganizationMembers', 403, request);
});

test('GET /api/organizations/{organization_id}/members answers a platform admin 404 for an unknown organization', async (t) => {
  const request = { as: admin, ...at({ id: randomUUID() }) };
  t.is((await service.call('listOrganizationMembers', 404, request)).body.code, 'NOT_FOUND');
});

test('GET /api/organizations/{organization_id}/members answers a platform admin 400 for something that is no id', async (t) => {
  const { body } = await service.call('listOrganizationMembers', 400, { as: admin, ...at({ id: 'no-id' }) });
  t.like(body.errors?.[0], { in: 'path', path: 'organization_id' });
});

test('PATCH /api/organizations/{organization_id}/members/{user_id} answers with the changed membership', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const added = await add(organization, user, 'member');
  const manager = await memberOf(service, organization, 'manager');
  t.deepEqual(await setRole(manager, organization, user, 'manager'), { ...added, role: 'manager' });
  t.deepEqual(await setRole(user, organization, user, 'member'), added);
  t.deepEqual(await changesOf(user), [
    {
      action: 'organization_member.updated',
      actor_id: manager.id,
      details: { organization_id: organization.id, from: { role: 'member' }, to: { role: 'manager' } },
    },
    {
      action: 'organization_member.updated',
      actor_id: user.id,
      details: { organization_id: organization.id, from: { role: 'manager' }, to: { role: 'member' } },
    },
  ]);
});

test('PATCH /api/organizations/{organization_id}/members/{user_id} takes ids in capitals, and records nothing for the same role', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const added = await add(organization, user, 'member');
  const capitals = [{ id: organization.id.toUpperCase() }, { id: user.id.toUpperCase() }] as const;
  t.deepEqual(await setRole(admin, ...capitals, 'member'), added);
  t.deepEqual(await changesOf(user), []);
});

test('A changed role counts from the next request on, in the organization and in the projects reached through it', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const project = await work.addProject(admin, { organization_id: organization.id });
  await add(organization, user, 'member');
  const edit = { as: user, path: { project_id: project.id }, body: { location_display_name: 'Here' } };
  const rename = { as: user, ...at(organization), body: { name: randomUUID() } };

  await service.call('updateProjectLocation', 403, edit);
  await service.call('updateOrganization', 403, rename);
  await setRole(admin, organization, user, 'manager');
  await service.call('updateProjectLocation', 200, edit);
  await service.call('updateOrganization', 200, rename);
  await setRole(admin, organization, user, 'member');
  await service.call('updateProjectLocation', 403, edit);
  await service.call('updateOrganization', 403, rename);
  t.is((await service.call('getProject', 200, { as: user, path: edit.path })).body.id, project.id);
});

test('An ended membership counts from the next request on, in the projects reached through it', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const project = await work.addProject(admin, { organization_id: organization.id });
  await add(organization, user, 'manager');
  const look = { as: user, path: { project_id: project.id } };
  await service.call('getProject', 200, look);
  await service.call('removeOrganizationMember', 204, { as: admin, ...membership(organization, user) });
  t.is((await service.call('getProject', 403, look)).body.code, 'FORBIDDEN');
  t.deepEqual((await service.call('listProjects', 200, { as: user })).body, []);
});

test('The one whom an organization names manages it without a membership, or with a lower one', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  await add(organization, someone, 'manager');
  await setRole(admin, organization, someone, 'member');
  await service.call('removeOrganizationMember', 204, { as: someone, ...membership(organization, someone) });
  const request = { as: someone, ...at(organization), body: { name: 'Still mine' } };
  t.is((await service.call('updateOrganization', 200, request)).body.name, 'Still mine');
});

test('DELETE /api/organizations/{organization_id}/members/{user_id} is for managers, and for members who leave', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  for (const leaves of [false, true]) {
    const [user, other] = [await signUp(service), await memberOf(service, organization, 'member')];
    await add(organization, user, 'member');
    await service.call('removeOrganizationMember', 403, { as: other, ...membership(organization, user) });
    const as = leaves ? user : manager;
    await service.call('removeOrganizationMember', 204, { as, ...membership(organization, user) });
    t.false((await members(organization)).some(({ user_id }) => user_id === user.id));
    t.deepEqual(await changesOf(user), [
      {
        action: 'organization_member.removed',
        actor_id: as.id,
        details: { organization_id: organization.id, role: 'member' },
      },
    ]);
  }
});

test('A member whose membership has ended can be added again', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const added = await add(organization, user, 'member');
  await service.call('removeOrganizationMember', 204, { as: user, ...membership(organization, user) });
  t.not((await add(organization, user, 'manager')).id, added.id);
});

test('Changing or ending a membership answers 404 for who is not a member', async (t) => {
  const organization = await createOrganization(service);
  await add(await createOrganization(service), someone, 'member');
  for (const request of [
    { as: admin, ...membership(organization, someone) },
    { as: admin, ...membership(organization, { id: randomUUID() }) },
    { as: admin, ...membership({ id: randomUUID() }, someone) },
  ]) {
    const change = { ...request, body: { role: 'manager' as const } };
    t.is((await service.call('updateOrganizationMember', 404, change)).body.code, 'NOT_FOUND');
    t.is((await service.call('removeOrganizationMember', 404, request)).body.code, 'NOT_FOUND');
  }
  const own = { as: someone, ...membership(organization, someone) };
  t.is((await service.call('removeOrganizationMember', 404, own)).status, 404);
});

test('Changing or ending a membership answers 403 for plain members and managers of other organizations', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  await add(organization, user, 'member');
  const member = await memberOf(service, organization, 'member');
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  const body = { role: 'manager' as const };
  for (const as of [member, manager, user])
    await service.call('updateOrganizationMember', 403, { as, ...membership(organization, user), body });
  for (const as of [member, manager])
    await service.call('removeOrganizationMember', 403, { as, ...membership(organization, user) });
  t.like((await members(organization))[0], { role: 'member' });
});

test('Changing or ending a membership answers 400 for something that is no id', async (t) => {
  for (const [path, which] of [
    [{ organization_id: 'no-id', user_id: someone.id }, 'organization_id'],
    [{ organization_id: someone.id, user_id: 'me' }, 'user_id'],
  ] as const) {
    const body = { role: 'member' as const };
    const changed = await service.call('updateOrganizationMember', 400, { as: admin, path, body });
    const removed = await service.call('removeOrganizationMember', 400, { as: admin, path });
    for (const answer of [changed, removed]) t.like(answer.body.errors?.[0], { in: 'path', path: which });
  }
});

test('PATCH /api/organizations/{organization_id}/members/{user_id} answers 400 for anything but a role', async (t) => {
  const organization = await createOrganization(service);
  const user = await memberOf(service, organization, 'member');
  const path = `/api/organizations/${organization.id}/members/${user.id}`;
  for (const body of ['{}', '{"role":"owner"}', '{"role":null}', '{"role":"manager","user_id":null}', '[]'])
    t.is((await service.send({ method: 'PATCH', path, as: admin, body })).status, 400, body);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/organizations/{organization_id}/members/{user_id} answers ${status} for ${title}`, async (t) => {
    const organization = await createOrganization(service);
    const user = await memberOf(service, organization, 'member');
    const path = `/api/organizations/${organization.id}/members/${user.id}`;
    const answer = await service.send({ method: 'PATCH', path, as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('DELETE /api/organizations/{organization_id}/members/{user_id} succeeds for one of twenty at once', async (t) => {
  const organization = await createOrganization(service);
  const user = await memberOf(service, organization, 'member');
  const path = `/api/organizations/${organization.id}/members/${user.id}`;
  const answers = await twentyAtOnce(() => service.send({ method: 'DELETE', path, as: admin }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
  t.is((await changesOf(user)).length, 1);
});

/** Somebody who has just become a member, without signing anybody up for it. */
async function newMembership(user: Person, role: Role) {
  const body = { name: 'Team', slug: randomUUID() };
  const organization = (await service.call('createOrganization', 201, { as: admin, body })).body;
  await add(organization, user, role);
  const path = `/api/organizations/${organization.id}/members/${user.id}`;
  const changes = async () => {
    const events = await changesOf(user);
    return events.filter(({ details }) => details['organization_id'] === organization.id);
  };
  return { organization, path, changes };
}

test('Two changes of a role at once both succeed, one after the other', async (t) => {
  const user = await signUp(service);
  await raceInBothOrders(async (race) => {
    const { organization, changes } = await newMembership(user, 'member');
    await race(
      () => setRole(admin, organization, user, 'manager'),
      () => setRole(admin, organization, user, 'member'),
    );
    const made = await changes();
    const [role] = (await members(organization)).map(({ role }) => role);
    t.is(made.length, role === 'manager' ? 1 : 2);
    t.deepEqual(made.at(-1)?.details['to'], { role });
  });
});

test('A role that is given twenty times at once is given, and recorded, once', async (t) => {
  const user = await signUp(service);
  const { organization, changes } = await newMembership(user, 'member');
  const given = Array.from({ length: 20 }, () => setRole(admin, organization, user, 'manager'));
  for (const { role } of await Promise.all(given)) t.is(role, 'manager');
  t.is((await changes()).length, 1);
});

test('A role that changes while the membership ends is changed before, or not found', async (t) => {
  const user = await signUp(service);
  await raceInBothOrders(async (race) => {
    const { organization, path, changes } = await newMembership(user, 'member');
    const body = JSON.stringify({ role: 'manager' });
    const [removed, changed] = await race(
      () => service.send({ method: 'DELETE', path, as: admin }),
      () => service.send({ method: 'PATCH', path, as: admin, body }),
    );
    t.is(removed.status, 204);
    t.true([200, 404].includes(changed.status), `it answered ${changed.status}`);
    t.deepEqual(await members(organization), []);
    t.is((await changes()).at(-1)?.details['role'], changed.status === 200 ? 'manager' : 'member');
  });
});
