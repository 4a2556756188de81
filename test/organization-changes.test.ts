import { randomUUID } from 'node:crypto';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { platformAdmin, signUp, type Person } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { eventsAbout } from './helpers/recorded-events.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
const [someone, another] = [await signUp(service), await signUp(service)];
test.after.always(() => service.stop());

type Organization = Schema<'Organization'>;
type Changes = Schema<'UpdateOrganizationRequest'>;
type Ends = Record<'from' | 'to', Changes>;

const at = ({ id }: { id: string }) => ({ path: { organization_id: id } });

async function change(as: Person, organization: Organization, body: Changes): Promise<Organization> {
  return (await service.call('updateOrganization', 200, { as, ...at(organization), body })).body;
}

async function read(organization: { id: string }): Promise<Organization> {
  return (await service.call('getOrganization', 200, { as: someone, ...at(organization) })).body;
}

async function updatesOf(organization: Organization) {
  const events = await eventsAbout(service, organization);
  return events.filter(({ action }) => action === 'organization.updated');
}

test('PATCH /api/organizations/{organization_id} changes what it names and keeps the rest', async (t) => {
  const given = { description: 'Teams', logo_url: 'https://example.org/logo.svg', manager_id: someone.id };
  const organization = await createOrganization(service, given);
  const changed = await change(admin, organization, { name: 'Renamed' });
  t.deepEqual(changed, { ...organization, name: 'Renamed', updated_at: changed.updated_at });
  t.true(changed.updated_at > organization.updated_at);
  t.deepEqual(await read(organization), changed);
});

test('PATCH /api/organizations/{organization_id} changes every field at once', async (t) => {
  const organization = await createOrganization(service);
  const slug = randomUUID();
  const logo_url = 'https://example.org/other.svg';
  const body = { name: 'Other', slug, description: 'Other teams', logo_url, manager_id: someone.id };
  t.like(await change(admin, organization, body), body);
});

test('PATCH /api/organizations/{organization_id} clears with null', async (t) => {
  const given = { description: 'Teams', logo_url: 'https://example.org/logo.svg', manager_id: someone.id };
  const cleared = { description: null, logo_url: null, manager_id: null };
  t.like(await change(admin, await createOrganization(service, given), cleared), cleared);
});

test('PATCH /api/organizations/{organization_id} keeps the slug in lower case', async (t) => {
  const slug = randomUUID();
  const changed = await change(admin, await createOrganization(service), { slug: `North-${slug}` });
  t.is(changed.slug, `north-${slug}`);
});

test('PATCH /api/organizations/{organization_id} changes nothing when all is so already', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  const { name, slug, manager_id } = organization;
  const body = { name, slug: slug.toUpperCase(), manager_id: manager_id?.toUpperCase() ?? null };
  t.deepEqual(await change(admin, organization, body), organization);
  t.deepEqual(await updatesOf(organization), []);
});

test('PATCH /api/organizations/{organization_id} is recorded with what was and what is', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  await change(manager, organization, { name: 'Renamed', description: null, slug: organization.slug });
  t.deepEqual(await updatesOf(organization), [
    {
      action: 'organization.updated',
      actor_id: manager.id,
      details: { from: { name: organization.name }, to: { name: 'Renamed' } },
    },
  ]);
});

test('PATCH /api/organizations/{organization_id} answers 409 for a slug that is taken, in any letter case', async (t) => {
  const [taken, organization] = [await createOrganization(service), await createOrganization(service)];
  for (const slug of [taken.slug, taken.slug.toUpperCase()]) {
    const body = { name: 'Renamed', slug };
    const answer = await service.call('updateOrganization', 409, { as: admin, ...at(organization), body });
    t.is(answer.body.code, 'SLUG_TAKEN');
  }
  t.deepEqual(await read(organization), organization);
  t.deepEqual(await updatesOf(organization), []);
});

test('PATCH /api/organizations/{organization_id} lets one of twenty at once have a slug', async (t) => {
  const organizations = [];
  for (let count = 0; count < 20; count++) {
    const body = { name: 'Team', slug: randomUUID() };
    organizations.push((await service.call('createOrganization', 201, { as: admin, body })).body);
  }
  const [body, waiting] = [JSON.stringify({ slug: `One-${randomUUID()}` }), organizations.values()];
  const answers = await twentyAtOnce(() => {
    const path = `/api/organizations/${waiting.next().value?.id}`;
    return service.send({ method: 'PATCH', path, as: admin, body });
  });
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(200, 409),
  );
});

test('PATCH /api/organizations/{organization_id} answers 422 for an unknown manager', async (t) => {
  const organization = await createOrganization(service);
  const body = { name: 'Renamed', manager_id: randomUUID() };
  const answer = await service.call('updateOrganization', 422, { as: admin, ...at(organization), body });
  t.is(answer.body.code, 'UNKNOWN_REFERENCE');
  t.deepEqual(await read(organization), organization);
  t.deepEqual(await updatesOf(organization), []);
});

test('A manager of an organization changes all but who its manager is', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  const byRole = await memberOf(service, organization, 'manager');
  for (const manager of [someone, byRole]) {
    for (const manager_id of [another.id, null, randomUUID(), manager === byRole ? byRole.id : null]) {
      const request = { as: manager, ...at(organization), body: { name: 'Taken over', manager_id } };
      const { body } = await service.call('updateOrganization', 403, request);
      t.like(body, { code: 'FORBIDDEN', required_roles: ['platform:admin'] });
    }
  }
  t.deepEqual(await read(organization), organization);
  t.deepEqual(await updatesOf(organization), []);
  for (const manager_id of [someone.id, someone.id.toUpperCase()]) {
    const changed = await change(byRole, organization, { name: randomUUID(), manager_id });
    t.is(changed.manager_id, someone.id);
  }
});

test('A manager of an organization that names none may say so', async (t) => {
  const organization = await createOrganization(service);
  const manager = await memberOf(service, organization, 'manager');
  t.like(await change(manager, organization, { name: 'Renamed', manager_id: null }), { name: 'Renamed' });
});

test('Who is no longer named as the manager manages the organization no longer, from the next request on', async (t) => {
  const organization = await createOrganization(service, { manager_id: someone.id });
  await change(someone, organization, { name: 'Mine' });
  await change(admin, organization, { manager_id: another.id });
  const request = { ...at(organization), body: { name: 'Still mine' } };
  await service.call('updateOrganization', 403, { as: someone, ...request });
  t.is((await service.call('updateOrganization', 200, { as: another, ...request })).body.name, 'Still mine');
});

test('PATCH /api/organizations/{organization_id} answers 403 for members and strangers', async (t) => {
  const organization = await createOrganization(service);
  const member = await memberOf(service, organization, 'member');
  for (const [as, held] of [
    [member, [`organization:${organization.id}:member`]],
    [someone, []],
  ] as const) {
    const request = { as, ...at(organization), body: { name: 'Renamed' } };
    t.deepEqual((await service.call('updateOrganization', 403, request)).body.held_roles, [...held]);
  }
});

test('PATCH /api/organizations/{organization_id} answers 404 for an unknown organization', async (t) => {
  const request = { as: admin, ...at({ id: randomUUID() }), body: { name: 'Renamed' } };
  t.is((await service.call('updateOrganization', 404, request)).body.code, 'NOT_FOUND');
});

for (const [field, value] of Object.entries({ name: ' ', slug: 'two words', manager_id: 'nobody', id: '' })) {
  test(`PATCH /api/organizations/{organization_id} answers 400 for ${field} ${JSON.stringify(value)}`, async (t) => {
    const path = `/api/organizations/${(await createOrganization(service)).id}`;
    const sent = { method: 'PATCH', path, as: admin, body: JSON.stringify({ [field]: value }) };
    const { status, body } = await service.send(sent);
    t.is(status, 400);
    t.like((body as { errors: object[] }).errors[0], { in: 'body', path: field });
  });
}

test('PATCH /api/organizations/{organization_id} answers 400 for null where there must be something', async (t) => {
  const path = `/api/organizations/${(await createOrganization(service)).id}`;
  for (const body of ['{}', '{"name":null}', '{"slug":null}']) {
    t.is((await service.send({ method: 'PATCH', path, as: admin, body })).status, 400, body);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/organizations/{organization_id} answers ${status} for ${title}`, async (t) => {
    const path = `/api/organizations/${(await createOrganization(service)).id}`;
    const answer = await service.send({ method: 'PATCH', path, as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('Twenty changes at once are each made, recorded and dated one after another', async (t) => {
  const organization = await createOrganization(service);
  const names = Array.from({ length: 20 }, () => randomUUID());
  const answers = await Promise.all(names.map((name) => change(admin, organization, { name })));
  const ends = (await updatesOf(organization)).map(({ details }) => details as unknown as Ends);
  t.is(ends.length, 20);
  t.deepEqual(
    ends.map(({ from }) => from.name),
    [organization.name, ...ends.map(({ to }) => to.name).slice(0, -1)],
  );
  const moments = ends.map(({ to }) => answers.find(({ name }) => name === to.name)?.updated_at ?? '');
  t.deepEqual(moments, moments.toSorted());
  t.is((await read(organization)).name, ends.at(-1)?.to.name ?? '');
});

test('Two platform admins who name a manager at once both succeed, and the later one stays', async (t) => {
  const otherAdmin = await platformAdmin(service);
  await raceInBothOrders(async (race) => {
    const body = { name: 'Team', slug: randomUUID() };
    const organization = (await service.call('createOrganization', 201, { as: admin, body })).body;
    await race(
      () => change(admin, organization, { manager_id: someone.id }),
      () => change(otherAdmin, organization, { manager_id: another.id }),
    );
    const [first, second] = (await updatesOf(organization)).map(({ details }) => details as unknown as Ends);
    t.deepEqual([first?.from, second?.from], [{ manager_id: null }, first?.to]);
    t.is((await read(organization)).manager_id, second?.to.manager_id ?? null);
  });
});

test('A manager who repeats the named manager while an admin names another does not bring them back', async (t) => {
  const manager = await signUp(service);
  const sent = { name: 'Renamed', manager_id: someone.id };
  await raceInBothOrders(async (race) => {
    const body = { name: 'Team', slug: randomUUID(), manager_id: someone.id };
    const organization = (await service.call('createOrganization', 201, { as: admin, body })).body;
    const membership = { user_id: manager.id, role: 'manager' as const };
    await service.call('addOrganizationMember', 201, { as: admin, ...at(organization), body: membership });
    const path = `/api/organizations/${organization.id}`;
    const [, repeated] = await race(
      () => change(admin, organization, { manager_id: another.id }),
      () => service.send({ method: 'PATCH', path, as: manager, body: JSON.stringify(sent) }),
    );
    const { name, manager_id } = await read(organization);
    t.is(manager_id, another.id);
    t.is(repeated.status, name === 'Renamed' ? 200 : 403);
  });
});
