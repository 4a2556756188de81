import test from 'ava';
import { operations, type Operation } from './helpers/contract.ts';
import { addRows } from './helpers/many-rows.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { createSamples } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const samples = await createSamples(service);
test.after.always(() => service.stop());

const takes = ({ parameters }: Operation, name: string) =>
  parameters.some((parameter) => parameter.in === 'header' && parameter.name === name);
const tagged = [...operations.values()].filter((operation) => takes(operation, 'If-None-Match'));

/** Shows the same until the service starts anew, as another version or with other keys. */
const lasting = new Set([
  'getOpenapiJson',
  'getOpenapiYaml',
  'getDocs',
  'getJsonWebKeySet',
  'getRolesPage',
  'searchLanguageRegistry',
]);
const strongTag = /^"[\x21\x23-\x7e]+"$/;

test('every GET declares If-None-Match, but for those about health', (t) => {
  const others = [...operations.values()].filter(
    (operation) => operation.method === 'GET' && !tagged.includes(operation),
  );
  t.deepEqual(
    others.map(({ path }) => path),
    ['/health', '/health/ready'],
  );
});

// One after the other: a change would be seen in all other lists.
for (const operation of tagged) {
  const title = `${operation.method} ${operation.path}`;

  test.serial(`${title} answers 304 for the tag that it gave, until something changes`, async (t) => {
    const sample = await samples.addSample();
    const request = samples.request(operation, sample);
    const ask = (method: string, known?: string) =>
      sendOdd(service.url, {
        ...request,
        method,
        headers: known === undefined ? {} : { 'if-none-match': known },
      });

    const first = await ask('GET');
    t.is(first.status, 200);
    const tag = first.headers.get('ETag') ?? '';
    t.regex(tag, strongTag);
    t.is((await ask('GET')).headers.get('ETag'), tag);
    t.is((await ask('HEAD')).headers.get('ETag'), tag);

    for (const known of [tag, '*', `W/${tag}`, `"another", ${tag}`, `"with, comma",W/"weak" ,${tag}`]) {
      for (const method of ['GET', 'HEAD']) {
        const { status, headers, text } = await ask(method, known);
        t.is(status, 304, `${method} ${known}`);
        t.is(text, '');
        t.is(headers.get('ETag'), tag);
        t.is(headers.get('Cache-Control'), first.headers.get('Cache-Control'));
        t.is(headers.get('Vary'), first.headers.get('Vary'));
      }
    }
    for (const known of ['"another"', tag.slice(1, -1), `${tag.slice(0, -1)}x"`, `"x, ${tag.slice(1)}`]) {
      t.is((await ask('GET', known)).status, 200, known);
    }

    if (lasting.has(operation.id)) return;
    await changeAll(sample.ids);
    const next = await ask('GET', tag);
    t.is(next.status, 200, 'nothing in changeAll changes what this shows');
    t.notDeepEqual(next.body, first.body);
    t.not(next.headers.get('ETag'), tag);
    t.is((await ask('HEAD', tag)).status, 200);
  });
}

test.serial('who sees something else gets another tag', async (t) => {
  const [someone, other] = [await signUp(service), await platformAdmin(service)];
  await addRows(service, (await samples.addSample()).ids, 1);
  for (const id of ['getMe', 'listProjects', 'listSessions'] as const) {
    const one = await service.call(id, 200, { as: someone });
    const two = await service.call(id, 200, { as: other });
    t.notDeepEqual(one.body, two.body);
    t.not(one.headers.get('ETag'), two.headers.get('ETag'));
  }
  const project = await service.call('listLanguages', 200, { as: someone });
  t.is(
    (await service.call('listLanguages', 200, { as: other })).headers.get('ETag'),
    project.headers.get('ETag'),
  );
});

test.serial('a phase has another tag for who sees fewer of its projects', async (t) => {
  const { ids } = await samples.addSample();
  const path = { phase_id: ids['phase_id'] ?? '' };
  const all = await service.call('getPhase', 200, { as: samples.admin, path });
  const none = await service.call('getPhase', 200, { as: await signUp(service), path });
  t.is(all.body.project_ids.length, 1);
  t.deepEqual(none.body.project_ids, []);
  t.not(all.headers.get('ETag'), none.headers.get('ETag'));
});

test.serial('a full page has another tag once there is a page after it', async (t) => {
  const as = await signUp(service);
  const before = await service.call('listSessions', 200, { as, query: { limit: 1 } });
  t.is(before.headers.get('Link'), null);
  await service.context.database.raw(
    `insert into sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at)
       values (gen_random_uuid(), ?, now(), now() - interval '1 hour', now(), now() + interval '7 days')`,
    [as.id],
  );
  const tag = before.headers.get('ETag') ?? '';
  const after = await service.call('listSessions', 200, {
    as,
    query: { limit: 1 },
    headers: { 'If-None-Match': tag },
  });
  t.deepEqual(after.body, before.body);
  t.regex(after.headers.get('Link') ?? '', /rel="next"$/);
});

test.serial('an If-None-Match that is empty or too long answers 400 wherever one is taken', async (t) => {
  const sample = await samples.addSample();
  for (const operation of tagged) {
    for (const known of ['', 'x'.repeat(4_097)]) {
      const request = { ...samples.request(operation, sample), headers: { 'if-none-match': known } };
      t.is((await sendOdd(service.url, request)).status, 400, operation.id);
    }
  }
});

for (const operation of [...operations.values()].filter(
  ({ method, responses }) => method === 'PATCH' && responses['200']?.headers?.['ETag'],
)) {
  test.serial(
    `PATCH ${operation.path} answers with the tag that the next GET of the same gives`,
    async (t) => {
      const request = await samples.freshRequest(operation);
      const patched = await service.send(request);
      t.is(patched.status, 200, JSON.stringify(patched.body));
      const path = operation.path.endsWith('/location')
        ? request.path.replace('/location', '')
        : request.path;
      const { body, headers } = await service.send({ method: 'GET', path, as: request.as });
      t.deepEqual(body, patched.body);
      t.is(headers.get('ETag'), patched.headers.get('ETag'));
    },
  );
}

/** A new row in every list, and another name for everything. */
async function changeAll(ids: Readonly<Record<string, string>>): Promise<void> {
  const { database } = service.context;
  await addRows(service, ids, 1);
  const another = database.raw('md5(cast(random() as text))');
  for (const table of ['languages', 'organizations', 'projects', 'phases', 'apps']) {
    await database(table).update({ name: another });
  }
  await database('users').update({ display_name: another });
  await database('access_requests').insert({
    id: database.raw('gen_random_uuid()'),
    user_id: samples.admin.id,
    app_id: ids['app_id'],
  });
  // What nobody held is held now, and the other way round.
  await database('role_assignments').insert({
    id: database.raw('gen_random_uuid()'),
    user_id: ids['user_id'],
    app_role_id: ids['role_id'],
  });
  await database('project_user_access').where({ user_id: ids['user_id'] }).update({ role: 'manager' });
}
