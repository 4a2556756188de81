import test from 'ava';
import { randomUUID } from 'node:crypto';
import type { Schema } from '../src/core/schema.ts';
import { AuditEvent } from '../src/models/audit-event.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
const anyone = await signUp(service);
test.after.always(() => service.stop());

test('POST /api/organizations answers 201 with the organization and where to find it', async (t) => {
  const manager = await signUp(service);
  const given = {
    name: 'Réseau côtier \u{1F30A}',
    slug: 'reseau-cotier-2',
    description: 'Translation teams along the coast.',
    logo_url: 'https://example.org/logos/coastal.svg',
    manager_id: manager.id,
  };
  const { body, headers } = await service.call('createOrganization', 201, { as: admin, body: given });
  t.deepEqual(body, { ...given, id: body.id, created_at: body.created_at, updated_at: body.created_at });
  t.is(headers.get('Location'), `/api/organizations/${body.id}`);
  const read = await service.call('getOrganization', 200, {
    as: anyone,
    path: { organization_id: body.id },
  });
  t.deepEqual(read.body, body);
});

test('POST /api/organizations answers null for what was not given, or given as null', async (t) => {
  const empty = { description: null, logo_url: null, manager_id: null };
  t.like(await createOrganization(service), empty);
  t.like(await createOrganization(service, empty), empty);
});

test('POST /api/organizations keeps the slug in lower case', async (t) => {
  t.is((await createOrganization(service, { slug: 'Northern-TEAM-1' })).slug, 'northern-team-1');
});

test('POST /api/organizations answers 409 for a slug that is taken, in any letter case', async (t) => {
  await createOrganization(service, { slug: 'southern-team' });
  for (const slug of ['southern-team', 'Southern-Team']) {
    const { body } = await service.call('createOrganization', 409, {
      as: admin,
      body: { name: 'Other', slug },
    });
    t.is(body.code, 'SLUG_TAKEN');
  }
});

test('POST /api/organizations lets two have the same name', async (t) => {
  const [one, other] = [await createOrganization(service), await createOrganization(service)];
  t.is(one.name, other.name);
});

test('POST /api/organizations lets one of twenty at once have a slug', async (t) => {
  const body = JSON.stringify({ name: 'Eastern Team', slug: 'Eastern-Team' });
  const answers = await twentyAtOnce(() =>
    service.send({ method: 'POST', path: '/api/organizations', as: admin, body }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
});

test('POST /api/organizations answers 422 for an unknown manager', async (t) => {
  const slug = randomUUID();
  const { body } = await service.call('createOrganization', 422, {
    as: admin,
    body: { name: 'Team', slug, manager_id: randomUUID() },
  });
  t.is(body.code, 'UNKNOWN_REFERENCE');
  t.is((await service.call('getOrganizationBySlug', 404, { as: admin, path: { slug } })).status, 404);
});

for (const slug of [
  '',
  'two words',
  'under_score',
  '-team',
  'team-',
  'a--b',
  'équipe',
  'x'.repeat(101),
  'a\n',
]) {
  test(`POST /api/organizations answers 400 for the slug ${JSON.stringify(slug.slice(0, 12))}`, async (t) => {
    const { body } = await service.call('createOrganization', 400, {
      as: admin,
      body: { name: 'Team', slug },
    });
    t.like(body.errors?.[0], { in: 'body', path: 'slug' });
  });
}

for (const [field, value] of Object.entries({
  name: ' ',
  description: 'x'.repeat(2001),
  logo_url: 'javascript:alert(1)',
  manager_id: 'nobody',
  members: [],
})) {
  test(`POST /api/organizations answers 400 for ${field} ${JSON.stringify(value).slice(0, 25)}`, async (t) => {
    const { status, body } = await service.send({
      method: 'POST',
      path: '/api/organizations',
      as: admin,
      body: JSON.stringify({ name: 'Team', slug: randomUUID(), [field]: value }),
    });
    t.is(status, 400);
    t.like((body as { errors: object[] }).errors[0], { in: 'body', path: field });
  });
}

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/organizations answers ${status} for ${title}`, async (t) => {
    const answer = await service.send({ method: 'POST', path: '/api/organizations', as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('POST /api/organizations answers 403 for the manager of one, naming no role elsewhere', async (t) => {
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  const { body } = await service.call('createOrganization', 403, {
    as: manager,
    body: { name: 'Team', slug: randomUUID() },
  });
  t.deepEqual([body.required_roles, body.held_roles], [['platform:admin'], []]);
});

test('GET /api/organizations shows everyone all organizations by name', async (t) => {
  const created = [];
  for (const name of ['Order C', 'Order A', 'Order B'])
    created.push(await createOrganization(service, { name }));
  const { body } = await service.call('listOrganizations', 200, { as: anyone });
  const [c, a, b] = created;
  t.deepEqual(
    body.filter(({ name }) => name.startsWith('Order ')),
    [a, b, c],
  );
});

test('GET /api/organizations shows equal names in the order in which they were added', async (t) => {
  const created = [];
  for (let count = 0; count < 5; count++) created.push(await createOrganization(service, { name: 'Equal' }));
  const { body } = await service.call('listOrganizations', 200, { as: anyone });
  t.deepEqual(
    body.filter(({ name }) => name === 'Equal'),
    created,
  );
});

test('GET /api/organizations comes in pages', async (t) => {
  const seen = [];
  for (let count = 0; count < 3; count++) await createOrganization(service, { name: 'Paged' });
  let next: string | undefined = '/api/organizations?limit=2';
  while (next !== undefined) {
    const page = await service.send({ method: 'GET', path: next, as: anyone });
    const items = page.body as Schema<'Organization'>[];
    t.true(items.length <= 2);
    seen.push(...items);
    next = /<(.+)>; rel="next"/.exec(page.headers.get('Link') ?? '')?.[1];
  }
  t.is(seen.filter(({ name }) => name === 'Paged').length, 3);
  t.is(new Set(seen.map(({ id }) => id)).size, seen.length);
});

test('POST /api/organizations is recorded, unless it is refused', async (t) => {
  const organization = await createOrganization(service);
  const { name, slug } = organization;
  await service.call('createOrganization', 409, { as: admin, body: { name, slug } });
  const events = await AuditEvent.query(service.context.database).where({ action: 'organization.created' });
  const [event, ...others] = events.filter(({ details }) => details['slug'] === slug);
  t.like(event, { subject_id: organization.id, details: { name, slug } });
  t.deepEqual(others, []);
});

test('GET /api/organizations answers 400 for an unknown query parameter', async (t) => {
  const { status, body } = await service.send({
    method: 'GET',
    path: '/api/organizations?name=Team',
    as: anyone,
  });
  t.is(status, 400);
  t.like((body as { errors: object[] }).errors[0], { in: 'query', path: 'name' });
});

test('GET /api/organizations/{organization_id} takes an id in capitals', async (t) => {
  const organization = await createOrganization(service);
  const path = { organization_id: organization.id.toUpperCase() };
  t.deepEqual((await service.call('getOrganization', 200, { as: anyone, path })).body, organization);
});

test('GET /api/organizations/{organization_id} answers 404 for an unknown organization', async (t) => {
  const path = { organization_id: randomUUID() };
  t.is((await service.call('getOrganization', 404, { as: anyone, path })).body.code, 'NOT_FOUND');
});

test('GET /api/organizations/{organization_id} answers 400 for something that is no id', async (t) => {
  const path = { organization_id: 'slug' };
  const { body } = await service.call('getOrganization', 400, { as: anyone, path });
  t.like(body.errors?.[0], { in: 'path', path: 'organization_id' });
});

test('GET /api/organizations/slug/{slug} finds an organization in any letter case', async (t) => {
  const organization = await createOrganization(service, { slug: 'western-team' });
  for (const slug of ['western-team', 'WESTERN-Team']) {
    const { body } = await service.call('getOrganizationBySlug', 200, { as: anyone, path: { slug } });
    t.deepEqual(body, organization);
  }
});

test('GET /api/organizations/slug/{slug} answers 404 for an unknown slug', async (t) => {
  const { body } = await service.call('getOrganizationBySlug', 404, { as: anyone, path: { slug: 'nobody' } });
  t.is(body.code, 'NOT_FOUND');
});

test('GET /api/organizations/slug/{slug} answers 400 for something that is no slug', async (t) => {
  for (const slug of ['a b', '-a', 'x'.repeat(101)]) {
    const { body } = await service.call('getOrganizationBySlug', 400, { as: anyone, path: { slug } });
    t.like(body.errors?.[0], { in: 'path', path: 'slug' });
  }
});
