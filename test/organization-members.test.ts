import test from 'ava';
import { randomUUID } from 'node:crypto';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

/** A request to add somebody new to this organization. */
async function addition(as: Person, organization: Pick<Schema<'Organization'>, 'id'>) {
  const { id: user_id } = await signUp(service);
  return { as, path: { organization_id: organization.id }, body: { user_id, role: 'member' as const } };
}

for (const role of ['member', 'manager'] as const) {
  test(`POST /api/organizations/{organization_id}/members answers 201 with the new ${role}`, async (t) => {
    const [organization, user] = [await createOrganization(service), await signUp(service)];
    await service.call('updateMe', 200, { as: user, body: { display_name: 'Neighbour' } });
    const { body } = await service.call('addOrganizationMember', 201, {
      as: admin,
      path: { organization_id: organization.id },
      body: { user_id: user.id, role },
    });
    t.deepEqual(body, {
      id: body.id,
      user_id: user.id,
      organization_id: organization.id,
      role,
      joined_at: body.joined_at,
      email: user.email,
      display_name: 'Neighbour',
    });
    t.true(Math.abs(Date.parse(body.joined_at) - Date.now()) < 60_000);
  });
}

test('POST /api/organizations/{organization_id}/members takes ids in capitals and answers them in lower case', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const { body } = await service.call('addOrganizationMember', 201, {
    as: admin,
    path: { organization_id: organization.id.toUpperCase() },
    body: { user_id: user.id.toUpperCase(), role: 'member' },
  });
  t.like(body, { user_id: user.id, organization_id: organization.id });
});

test('POST /api/organizations/{organization_id}/members is recorded once, unless it is refused', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const request = {
    as: admin,
    path: { organization_id: organization.id.toUpperCase() },
    body: { user_id: user.id.toUpperCase(), role: 'manager' as const },
  };
  await service.call('addOrganizationMember', 201, request);
  await service.call('addOrganizationMember', 409, request);
  const events = await eventsAbout(service, user);
  t.deepEqual(
    events.filter(({ action }) => action.startsWith('organization_member')),
    [
      {
        action: 'organization_member.added',
        actor_id: admin.id,
        details: { organization_id: organization.id, role: 'manager' },
      },
    ],
  );
});

test('A manager by member role adds members, from the next request on', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  const request = await addition(manager, organization);
  const { body } = await service.call('addOrganizationMember', 201, request);
  t.is(body.user_id, request.body.user_id);
});

test('The manager that an organization names adds members without being one', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service, { manager_id: manager.id });
  const request = await addition(manager, organization);
  const { body } = await service.call('addOrganizationMember', 201, request);
  t.is(body.user_id, request.body.user_id);
});

test('The manager that an organization names may become a member like everyone', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service, { manager_id: manager.id });
  const { body } = await service.call('addOrganizationMember', 201, {
    as: manager,
    path: { organization_id: organization.id },
    body: { user_id: manager.id, role: 'member' },
  });
  t.is(body.role, 'member');
});

test('A plain member adds nobody, and is told the role that they hold', async (t) => {
  const organization = await createOrganization(service);
  const member = await memberOf(service, organization, 'member');
  const { body } = await service.call('addOrganizationMember', 403, await addition(member, organization));
  t.is(body.code, 'FORBIDDEN');
  t.deepEqual(body.required_roles, ['platform:admin', 'organization:{path.organization_id}:manager']);
  t.deepEqual(body.held_roles, [`organization:${organization.id}:member`]);
});

test('The manager of another organization adds nobody, and is told no roles from elsewhere', async (t) => {
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  const request = await addition(manager, await createOrganization(service));
  const { body } = await service.call('addOrganizationMember', 403, request);
  t.deepEqual(body.held_roles, []);
});

test('A manager whose membership has ended adds nobody from the next request on', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  await service.context.database('organization_members').where({ user_id: manager.id }).delete();
  const request = await addition(manager, organization);
  t.is((await service.call('addOrganizationMember', 403, request)).status, 403);
});

test('A manager that the organization no longer names adds nobody from the next request on', async (t) => {
  const manager = await signUp(service);
  const organization = await createOrganization(service, { manager_id: manager.id });
  const { database } = service.context;
  await database('organizations').where({ id: organization.id }).update({ manager_id: null });
  const request = await addition(manager, organization);
  t.is((await service.call('addOrganizationMember', 403, request)).status, 403);
});

test('POST /api/organizations/{organization_id}/members answers 409 for a member and leaves their role', async (t) => {
  const organization = await createOrganization(service);
  const member = await memberOf(service, organization, 'member');
  for (const role of ['member', 'manager'] as const) {
    const { body } = await service.call('addOrganizationMember', 409, {
      as: admin,
      path: { organization_id: organization.id },
      body: { user_id: member.id, role },
    });
    t.is(body.code, 'ALREADY_MEMBER');
  }
  const rows = await service.context.database('organization_members').where({ user_id: member.id });
  t.deepEqual(
    rows.map(({ role }: { role: string }) => role),
    ['member'],
  );
});

test('POST /api/organizations/{organization_id}/members lets a user join several organizations', async (t) => {
  const [one, other, user] = [
    await createOrganization(service),
    await createOrganization(service),
    await signUp(service),
  ];
  for (const { id: organization_id } of [one, other]) {
    const { body } = await service.call('addOrganizationMember', 201, {
      as: admin,
      path: { organization_id },
      body: { user_id: user.id, role: 'manager' },
    });
    t.is(body.organization_id, organization_id);
  }
});

test('POST /api/organizations/{organization_id}/members lets one of twenty at once add a user', async (t) => {
  const [organization, user] = [await createOrganization(service), await signUp(service)];
  const answers = await twentyAtOnce(() =>
    service.send({
      method: 'POST',
      path: `/api/organizations/${organization.id}/members`,
      as: admin,
      body: JSON.stringify({ user_id: user.id, role: 'member' }),
    }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
});

test('POST /api/organizations/{organization_id}/members answers 422 for an unknown user', async (t) => {
  const organization = await createOrganization(service);
  const { body } = await service.call('addOrganizationMember', 422, {
    as: admin,
    path: { organization_id: organization.id },
    body: { user_id: randomUUID(), role: 'member' },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
});

test('POST /api/organizations/{organization_id}/members answers a platform admin 404 for an unknown organization', async (t) => {
  const request = await addition(admin, { id: randomUUID() });
  t.is((await service.call('addOrganizationMember', 404, request)).body.code, 'NOT_FOUND');
  const unknownToo = { ...request, body: { ...request.body, user_id: randomUUID() } };
  t.is((await service.call('addOrganizationMember', 404, unknownToo)).body.code, 'NOT_FOUND');
});

test('POST /api/organizations/{organization_id}/members answers others 403 for an unknown organization', async (t) => {
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  for (const id of [randomUUID(), 'no-id']) {
    const { body } = await service.call('addOrganizationMember', 403, await addition(manager, { id }));
    t.deepEqual(body.held_roles, []);
  }
});

test('POST /api/organizations/{organization_id}/members answers a platform admin 400 for something that is no id', async (t) => {
  const { body } = await service.call('addOrganizationMember', 400, await addition(admin, { id: 'no-id' }));
  t.like(body.errors?.[0], { in: 'path', path: 'organization_id' });
});

test('POST /api/organizations/{organization_id}/members tells all that is wrong with the body', async (t) => {
  const organization = await createOrganization(service);
  const { status, body } = await service.send({
    method: 'POST',
    path: `/api/organizations/${organization.id}/members`,
    as: admin,
    body: JSON.stringify({ user_id: null, role: 'owner', joined_at: null }),
  });
  t.is(status, 400);
  const paths = new Set((body as { errors: { path: string }[] }).errors.map(({ path }) => path));
  t.deepEqual([...paths].toSorted(), ['joined_at', 'role', 'user_id']);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/organizations/{organization_id}/members answers ${status} for ${title}`, async (t) => {
    const path = `/api/organizations/${(await createOrganization(service)).id}/members`;
    const answer = await service.send({ method: 'POST', path, as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}
