import test from 'ava';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { createOrganization, memberOf } from './helpers/organizations.ts';
import { holderOf, platformAdmin, signUp } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';

const service = await startService();
const admin = await platformAdmin(service);
const anyone = await signUp(service);
test.after.always(() => service.stop());

async function add(name: string, code: string) {
  const { body } = await service.call('createLanguage', 201, { as: admin, body: { name, code } });
  return body;
}

async function codesFound(q: string): Promise<string[]> {
  const { body } = await service.call('listLanguages', 200, { as: anyone, query: { q } });
  return body.map(({ code }) => code);
}

test('POST /api/languages answers 201 with the language and where to find it', async (t) => {
  const { body, headers } = await service.call('createLanguage', 201, {
    as: admin,
    body: { name: 'Danish', code: 'dan' },
  });
  t.like(body, { name: 'Danish', code: 'dan' });
  t.is(headers.get('Location'), `/api/languages/${body.id}`);
  const read = await service.call('getLanguage', 200, { as: anyone, path: { language_id: body.id } });
  t.deepEqual(read.body, body);
});

test('POST /api/languages takes a code in any letter case and keeps it in lower case', async (t) => {
  t.is((await add('Swahili', 'SwH')).code, 'swh');
});

test('POST /api/languages takes the private codes from qaa to qtz', async (t) => {
  t.is((await add('First Private', 'qaa')).code, 'qaa');
  t.is((await add('Last Private', 'QTZ')).code, 'qtz');
});

test('POST /api/languages takes a code that stands for many languages', async (t) => {
  t.is((await add('Arabic', 'ara')).code, 'ara');
});

for (const code of ['qzz', 'xxx', 'zzz']) {
  test(`POST /api/languages answers 422 for ${code}, which ISO 639-3 does not assign`, async (t) => {
    const { body } = await service.call('createLanguage', 422, {
      as: admin,
      body: { name: 'Unknown', code },
    });
    t.is(body.code, 'LANGUAGE_CODE_UNKNOWN');
    t.true(body.detail.includes(`ISO 639-3 does not assign the code "${code}"`));
  });
}

test('POST /api/languages answers 422 for a two-letter code and names the three-letter one', async (t) => {
  const { body } = await service.call('createLanguage', 422, {
    as: admin,
    body: { name: 'German', code: 'DE' },
  });
  t.is(body.code, 'LANGUAGE_CODE_UNKNOWN');
  t.true(body.detail.includes('"deu" (German)'));
});

test('POST /api/languages answers 422 for a two-letter code that nothing has', async (t) => {
  const { body } = await service.call('createLanguage', 422, { as: admin, body: { name: 'X', code: 'xx' } });
  t.true(body.detail.includes('ISO 639-3 does not assign the code "xx"'));
});

for (const code of ['', 'd', 'dani', 'da1', '123', 'dá', 'dañ', ' da', 'dan\n', 'd-n', 'ſwh']) {
  test(`POST /api/languages answers 400 for the code ${JSON.stringify(code)}`, async (t) => {
    const { body } = await service.call('createLanguage', 400, { as: admin, body: { name: 'Danish', code } });
    t.like(body.errors?.[0], { in: 'body', path: 'code' });
  });
}

for (const name of ['', '  \t', 'x'.repeat(201)]) {
  test(`POST /api/languages answers 400 for a name like ${JSON.stringify(name.slice(0, 5))}`, async (t) => {
    const { body } = await service.call('createLanguage', 400, { as: admin, body: { name, code: 'nor' } });
    t.like(body.errors?.[0], { in: 'body', path: 'name' });
  });
}

test('POST /api/languages takes a name of 200 characters', async (t) => {
  const name = '\u{1D306}'.repeat(200);
  t.is((await add(name, 'qaz')).name, name);
});

test('POST /api/languages answers 409 for a code that is taken, in any letter case', async (t) => {
  await add('Finnish', 'fin');
  const { body } = await service.call('createLanguage', 409, {
    as: admin,
    body: { name: 'Suomi', code: 'FIN' },
  });
  t.is(body.code, 'LANGUAGE_CODE_TAKEN');
  t.deepEqual(await codesFound('Suomi'), []);
});

test('POST /api/languages lets one of twenty at once have a code', async (t) => {
  const body = JSON.stringify({ name: 'Icelandic', code: 'isl' });
  const answers = await twentyAtOnce(() =>
    service.send({ method: 'POST', path: '/api/languages', as: admin, body }),
  );
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(201, 409),
  );
  t.deepEqual(await codesFound('Icelandic'), ['isl']);
});

test('POST /api/languages is for facilitators of any app and managers of any organization', async (t) => {
  const facilitator = await holderOf(service, 'avita', 'facilitator');
  const manager = await memberOf(service, await createOrganization(service), 'manager');
  await service.call('createLanguage', 201, { as: facilitator, body: { name: 'Greek', code: 'ell' } });
  await service.call('createLanguage', 201, { as: manager, body: { name: 'Latin', code: 'lat' } });
  t.pass();
});

test('POST /api/languages answers 403 with the required roles and those that the caller holds', async (t) => {
  const viewer = await holderOf(service, 'avita', 'viewer');
  const { body } = await service.call('createLanguage', 403, {
    as: viewer,
    body: { name: 'Norwegian', code: 'nor' },
  });
  t.like(body, { code: 'FORBIDDEN', held_roles: ['app:avita:viewer'] });
  t.deepEqual(body.required_roles, [
    'platform:admin',
    'app:*:admin',
    'app:*:facilitator',
    'organization:*:manager',
  ]);
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`POST /api/languages answers ${status} for ${title}`, async (t) => {
    const answer = await service.send({ method: 'POST', path: '/api/languages', as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('GET /api/languages lists by code', async (t) => {
  await add('Zulu', 'zul');
  await add('Afar', 'aar');
  const { body } = await service.call('listLanguages', 200, { as: anyone });
  const codes = body.map(({ code }) => code);
  t.true(codes.includes('zul') && codes.includes('aar'));
  t.deepEqual(codes, codes.toSorted());
});

test('GET /api/languages lists all for an empty or blank q', async (t) => {
  await add('Maori', 'mri');
  for (const q of ['', '  ']) t.true((await codesFound(q)).includes('mri'));
});

test('GET /api/languages finds part of a code or name in any letter case', async (t) => {
  await add('Western Testish', 'qbt');
  for (const q of ['qbt', 'QBT', 'bt', 'testish', 'RN TES', ' Testish '])
    t.deepEqual(await codesFound(q), ['qbt'], q);
});

test('GET /api/languages finds a name with or without accents, however they are written', async (t) => {
  await add('Éwéløñ', 'qbe');
  for (const q of ['Éwéløñ', 'ewelon', 'ÉWÉLØÑ', 'E\u0301we\u0301løn\u0303', 'welø']) {
    t.deepEqual(await codesFound(q), ['qbe'], q);
  }
});

test('GET /api/languages finds a name that was given with combining marks', async (t) => {
  await add('Gbe\u0301gba\u0300', 'qbg');
  for (const q of ['gbégbà', 'gbegba']) t.deepEqual(await codesFound(q), ['qbg'], q);
});

test('GET /api/languages finds a name in another script', async (t) => {
  await add('ΚΑΠΠΑΔΟΚΕΣ', 'qbk');
  for (const q of ['καππαδοκες', 'ΔΟΚΕΣ', 'σ']) t.deepEqual(await codesFound(q), ['qbk'], q);
});

test('GET /api/languages takes wildcards and quotes as plain characters', async (t) => {
  await add("100% Plain_Name\\'s", 'qbw');
  for (const q of ['100%', 'n_n', '\\', "'s", 'plain_']) t.deepEqual(await codesFound(q), ['qbw'], q);
  for (const q of ['100_', 'p%n', 'plain?', '.*', "' or true --"]) t.deepEqual(await codesFound(q), [], q);
});

test('GET /api/languages answers 400 for a q of more than 200 characters', async (t) => {
  const { body } = await service.call('listLanguages', 400, { as: anyone, query: { q: 'x'.repeat(201) } });
  t.like(body.errors?.[0], { in: 'query', path: 'q' });
});

test('GET /api/languages/{language_id} takes an id in capitals', async (t) => {
  const language = await add('Quechua', 'que');
  const { body } = await service.call('getLanguage', 200, {
    as: anyone,
    path: { language_id: language.id.toUpperCase() },
  });
  t.deepEqual(body, language);
});

test('GET /api/languages/{language_id} answers 404 for an unknown language', async (t) => {
  const { body } = await service.call('getLanguage', 404, { as: anyone, path: { language_id: anyone.id } });
  t.is(body.code, 'NOT_FOUND');
});

test('GET /api/languages/{language_id} answers 400 for something that is no id', async (t) => {
  const { body } = await service.call('getLanguage', 400, { as: anyone, path: { language_id: 'code' } });
  t.like(body.errors?.[0], { in: 'path', path: 'language_id' });
});

test('GET /api/languages/code/{code} finds a language in any letter case', async (t) => {
  const language = await add('Hebrew', 'heb');
  for (const code of ['heb', 'HEB']) {
    const { body } = await service.call('getLanguageByCode', 200, { as: anyone, path: { code } });
    t.deepEqual(body, language);
  }
});

test('GET /api/languages/code/{code} answers 404 for a code that nobody has added', async (t) => {
  for (const code of ['vie', 'vi']) {
    const { body } = await service.call('getLanguageByCode', 404, { as: anyone, path: { code } });
    t.is(body.code, 'NOT_FOUND');
  }
});

test('GET /api/languages/code/{code} answers 400 for anything but two or three letters', async (t) => {
  for (const code of ['d', 'dani', 'd4n']) {
    const { body } = await service.call('getLanguageByCode', 400, { as: anyone, path: { code } });
    t.like(body.errors?.[0], { in: 'path', path: 'code' });
  }
});
