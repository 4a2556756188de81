import test from 'ava';
import { iso6393 } from 'iso-639-3';
import { platformAdmin } from './helpers/people.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

async function candidates(q: string) {
  const { body } = await service.call('searchLanguageRegistry', 200, { as: admin, query: { q } });
  return body;
}

async function namesFound(q: string): Promise<string[]> {
  return (await candidates(q)).map(({ name }) => name);
}

test('GET /api/languages/registry answers dan with Danish, then Dan', async (t) => {
  const [first, second] = await candidates('dan');
  t.deepEqual(first, {
    code: 'dan',
    name: 'Danish',
    scope: 'individual',
    type: 'living',
    language_id: null,
  });
  t.like(second, { code: 'dnj', name: 'Dan' });
});

test('GET /api/languages/registry puts an exact code first in any letter case', async (t) => {
  for (const q of ['swh', 'SWH', ' Swh ']) t.is((await candidates(q))[0]?.code, 'swh', q);
});

test('GET /api/languages/registry knows two-letter codes', async (t) => {
  t.like((await candidates('DE'))[0], { code: 'deu', name: 'German' });
});

test('GET /api/languages/registry puts the very name before names that contain it', async (t) => {
  t.is((await namesFound('korean'))[0], 'Korean');
});

test('GET /api/languages/registry finds words in any order, and parts of words', async (t) => {
  t.deepEqual(await namesFound('english old'), ['Old English (ca. 450-1100)']);
  t.true((await namesFound('portug')).includes('Portuguese'));
  t.true((await namesFound('rdanian')).includes('Jordanian Sign Language'));
});

test('GET /api/languages/registry finds names in any case and accent', async (t) => {
  for (const q of ['Volapük', 'volapuk', 'VOLAPÜK', 'volapu\u0308k']) {
    t.deepEqual(await namesFound(q), ['Volapük'], q);
  }
});

test('GET /api/languages/registry finds names with letters that keyboards lack', async (t) => {
  for (const q of ['Gwichʼin', "gwich'in", 'Gwich’in']) t.deepEqual(await namesFound(q), ['Gwichʼin'], q);
  for (const q of ['ǃXóõ', '!xoo']) t.deepEqual(await namesFound(q), ['ǃXóõ'], q);
  t.deepEqual(await namesFound('hoan ju'), ['Juǀʼhoan']);
});

test('GET /api/languages/registry finds every name that is not plain letters', async (t) => {
  const unusual = iso6393.filter(({ name }) => /[^ -~]/.test(name));
  t.true(unusual.length > 400);
  for (const { name, iso6393: code } of unusual) {
    t.true(
      (await candidates(name)).some((candidate) => candidate.code === code),
      name,
    );
  }
});

test('GET /api/languages/registry answers at most 20', async (t) => {
  t.is((await candidates('sign language')).length, 20);
});

test('GET /api/languages/registry finds none for an empty or blank q, or without one', async (t) => {
  for (const q of ['', '   ', '\u0301']) t.deepEqual(await candidates(q), []);
  const { body } = await service.call('searchLanguageRegistry', 200, { as: admin });
  t.deepEqual(body, []);
});

test('GET /api/languages/registry gives the id of a language that exists here', async (t) => {
  const find = async () => (await candidates('tpi')).find(({ code }) => code === 'tpi');
  t.is((await find())?.language_id, null);
  const { body: language } = await service.call('createLanguage', 201, {
    as: admin,
    body: { name: 'Tok Pisin', code: 'tpi' },
  });
  t.is((await find())?.language_id, language.id);
});

for (const q of ['.*', '[-', '\\', '%', '_', '"', '\u{1F600}', 'x'.repeat(200), '__proto__', 'constructor']) {
  test(`GET /api/languages/registry finds none for the odd q ${q.slice(0, 12)}`, async (t) => {
    t.deepEqual(await namesFound(q.replace('[-', '[-')), []);
  });
}

test('GET /api/languages/registry takes punctuation as part of the name', async (t) => {
  const found = await namesFound('(');
  t.is(found.length, 20);
  t.true(found.every((name) => name.includes('(')));
});

test('GET /api/languages/registry answers 400 for a q of more than 200 characters', async (t) => {
  const { body } = await service.call('searchLanguageRegistry', 400, {
    as: admin,
    query: { q: 'x'.repeat(201) },
  });
  t.like(body.errors?.[0], { in: 'query', path: 'q' });
});
