import { randomUUID } from 'node:crypto';
import test from 'ava';
import { runStatement } from '../src/core/database.ts';
import { searchUsers } from '../src/services/users/searchUsers.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { holderOf, platformAdmin, signUp, type Person } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { watchQueries, type WatchedQuery } from './helpers/watch-queries.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

async function add(details: { email?: string; display_name?: string }): Promise<Person> {
  const person = await signUp(service, details.email === undefined ? {} : { email: details.email });
  const { display_name } = details;
  if (display_name !== undefined) await service.call('updateMe', 200, { as: person, body: { display_name } });
  return person;
}

async function found(q: string): Promise<string[]> {
  const { body } = await service.call('searchUsers', 200, { as: admin, query: { q } });
  return body.map(({ id }) => id);
}

test('GET /api/users/search finds a part of an e-mail or a name, in any letter case', async (t) => {
  const { id } = await add({ email: 'marula.tree@example.org', display_name: 'Baobab Shade' });
  for (const q of ['rula', 'MARULA', 'tree@exa', 'obab', 'BAOBAB sh', ' shade '])
    t.deepEqual(await found(q), [id], q);
  t.deepEqual(await found(`${'marula.tree@example.org'.slice(0, 12)}x`), []);
});

test('GET /api/users/search finds names with or without accents', async (t) => {
  const { id } = await add({ display_name: 'Zoë Ñandú Łøvåg' });
  for (const q of ['zoe', 'Zoë', 'ZOE\u0308', 'nandu', 'ñandú', 'lovag', 'ŁØVÅG'])
    t.deepEqual(await found(q), [id], q);
});

test('GET /api/users/search takes %, _ and \\ for what they are', async (t) => {
  const percent = await add({ display_name: 'Qanat 100% sure' });
  const underscore = await add({ display_name: 'Qanat a_b' });
  const backslash = await add({ display_name: 'Qanat c\\d' });
  const others = ['(', '[a', '*', '.+', '$', '^'].map((mark) => ({ mark, name: `Qanat ${mark}x` }));
  t.deepEqual(await found('qanat 100%'), [percent.id]);
  t.deepEqual(await found('qanat %'), []);
  t.deepEqual(await found('a_b'), [underscore.id]);
  t.deepEqual(await found('qanat a_'), [underscore.id]);
  t.deepEqual(await found('qanat _'), []);
  t.deepEqual(await found('c\\d'), [backslash.id]);
  for (const { mark, name } of others) {
    const { id } = await add({ display_name: name });
    t.deepEqual(await found(`${mark}x`), [id], mark);
  }
});

test('GET /api/users/search finds what is written in characters of two halves, wherever they stand', async (t) => {
  for (const start of ['', 'a', 'ab', 'abcdefghij', 'abcdefghijk', 'abcdefghijkl']) {
    const name = `${start}𐐨𐐩𐐪 ${randomUUID()}`;
    const { id } = await add({ display_name: name });
    t.deepEqual(await found(name), [id], name);
  }
});

test('GET /api/users/search takes patterns and quotes of SQL for what they are', async (t) => {
  for (const mark of [
    "'",
    "''",
    '"',
    '$$',
    '--',
    ';',
    '***:',
    '(?i)',
    '\\m',
    '\\',
    '\\%',
    '%%',
    '__',
    '[[:<:]]',
    '\n',
    '{1}',
  ]) {
    const name = `Ibex ${mark}${randomUUID()}`;
    const { id } = await add({ display_name: name });
    t.deepEqual(await found(name), [id], name);
    t.deepEqual(await found(name.replace('Ibex ', 'Ibex _')), [], name);
  }
});

test('GET /api/users/search gives a whole e-mail, then beginnings, then what is inside', async (t) => {
  const inside = await add({ email: 'a-0@example.org', display_name: 'Xkestrel' });
  const word = await add({ email: 'a-1@example.org', display_name: 'Brown Kestrel' });
  const name = await add({ email: 'a-2@example.org', display_name: 'kestrel@example.org fan' });
  const mail = await add({ email: 'kestrel@example.org.example.org' });
  const whole = await add({ email: 'kestrel@example.org' });
  t.deepEqual(await found('kestrel'), [word.id, name.id, whole.id, mail.id, inside.id]);
  t.deepEqual(await found('Kestrel@Example.ORG'), [whole.id, name.id, mail.id]);
});

test('GET /api/users/search follows a change of name at once', async (t) => {
  const person = await add({ display_name: 'Oldfinch' });
  const path = { user_id: person.id };
  await service.call('updateUser', 200, { as: admin, path, body: { display_name: 'Newfinch' } });
  t.deepEqual([await found('oldfinch'), await found('newfinch')], [[], [person.id]]);
  await service.call('updateUser', 200, { as: admin, path, body: { display_name: null } });
  t.deepEqual([await found('newfinch'), await found(person.email)], [[], [person.id]]);
  await service.call('deleteUser', 204, { as: admin, path });
  t.deepEqual(await found(person.email), []);
});

test('GET /api/users/search finds inactive users too, and shows that they are', async (t) => {
  const person = await add({ display_name: 'Dormouse' });
  const path = { user_id: person.id };
  await service.call('updateUser', 200, { as: admin, path, body: { is_active: false } });
  const { body } = await service.call('searchUsers', 200, { as: admin, query: { q: 'dormouse' } });
  const { body: user } = await service.call('getUser', 200, { as: admin, path });
  t.deepEqual(body, [user]);
  t.false(user.is_active);
});

test('GET /api/users/search finds none for an empty text, blanks or no text', async (t) => {
  await add({ display_name: 'Two  Blanks' });
  t.deepEqual([await found(''), await found('   ')], [[], []]);
  t.deepEqual((await service.call('searchUsers', 200, { as: admin })).body, []);
});

test('GET /api/users/search answers 400 for what is too long', async (t) => {
  t.deepEqual(await found('x'.repeat(200)), []);
  const path = `/api/users/search?q=${'x'.repeat(201)}`;
  t.is((await service.send({ method: 'GET', path, as: admin })).status, 400);
});

test('GET /api/users/search is for who manages an organization or an app, not for who manages a project', async (t) => {
  const work = await createWork(service);
  const creator = await signUp(service);
  await work.addProject(creator);
  const query = { q: 'anybody' };
  await service.call('searchUsers', 403, { as: creator, query });
  const organization = await createOrganization(service);
  await service.call('searchUsers', 403, { as: await memberOf(service, organization, 'member'), query });
  for (const as of [
    await memberOf(service, organization, 'manager'),
    await holderOf(service, 'avita', 'admin'),
  ])
    t.is((await service.call('searchUsers', 200, { as, query })).status, 200);
});

test('GET /api/users/search gives at most 20, and reads no more than it needs of 50,000', async (t) => {
  // So many others would be found by the other tests.
  const crowded = await startService();
  t.teardown(() => crowded.stop());
  const { database } = crowded.context;
  await database.raw(`
    insert into users (id, email, display_name, password_hash, search_text)
    select gen_random_uuid(), word || '@example.org', 'Person ' || word, '', word || E'@example.org\\nperson ' || word
      from (select md5(n::text) as word from generate_series(1, 50000) n) words`);
  await database.raw('analyze users');
  for (const q of ['person', 'a']) t.is((await searchUsers(crowded.context, { q })).length, 20);

  const queries: WatchedQuery[] = [];
  const stopWatching = watchQueries((query) => queries.push(query));
  for (const q of ['c4c', 'a87ff67', `${randomUUID()}@example.org`, 'person 0a0a'])
    await searchUsers(crowded.context, { q });
  stopWatching();
  const searches = queries.filter(({ text }) => text.includes('search_text'));
  t.is(searches.length, 4);
  for (const { text, values = [] } of searches) {
    const rows = await runStatement<{ 'QUERY PLAN': string }>(database, { text: `explain ${text}` }, values);
    const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
    t.regex(plan, /users_search_text_idx/);
    t.notRegex(plan, /Seq Scan/);
  }
});
