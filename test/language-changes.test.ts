import { randomUUID } from 'node:crypto';
import test from 'ava';
import { oneWinner, twentyAtOnce } from './helpers/parallel.ts';
import { signUp } from './helpers/people.ts';
import { raceInBothOrders } from './helpers/races.ts';
import { startService } from './helpers/service.ts';
import { unreadableBodies } from './helpers/unreadable-bodies.ts';
import { createWork } from './helpers/work.ts';

const service = await startService();
const work = await createWork(service);
const { admin } = work;
const anyone = await signUp(service);
test.after.always(() => service.stop());

const at = ({ id }: { id: string }) => ({ path: { language_id: id } });

async function codesFound(q: string): Promise<string[]> {
  const { body } = await service.call('listLanguages', 200, { as: anyone, query: { q } });
  return body.map(({ code }) => code);
}

test('PATCH /api/languages/{language_id} renames a language and keeps the rest', async (t) => {
  const language = await work.addLanguage();
  const body = { name: 'Renamed' };
  const changed = await service.call('updateLanguage', 200, { as: admin, ...at(language), body });
  t.deepEqual(changed.body, { ...language, name: 'Renamed' });
  t.deepEqual((await service.call('getLanguage', 200, { as: anyone, ...at(language) })).body, changed.body);
});

test('GET /api/languages finds a renamed language by its new name only, in any letter case and without accents', async (t) => {
  const language = await work.addLanguage();
  for (const [name, lost] of [
    ['Kímbwàndé', 'language q'],
    ['Ngwølu', 'kimbwande'],
  ] as const) {
    await service.call('updateLanguage', 200, { as: admin, ...at(language), body: { name } });
    t.deepEqual(await codesFound(name), [language.code]);
    t.false((await codesFound(lost)).includes(language.code));
  }
  t.deepEqual(await codesFound('NGWOLU'), [language.code]);
});

test('PATCH and DELETE /api/languages/{language_id} answer 404 for an unknown language', async (t) => {
  const request = { as: admin, ...at({ id: randomUUID() }) };
  const body = { name: 'Renamed' };
  t.is((await service.call('updateLanguage', 404, { ...request, body })).body.code, 'NOT_FOUND');
  t.is((await service.call('deleteLanguage', 404, request)).body.code, 'NOT_FOUND');
});

test('PATCH and DELETE /api/languages/{language_id} answer 400 for something that is no id', async (t) => {
  const request = { as: admin, ...at({ id: 'dan' }) };
  const changed = await service.call('updateLanguage', 400, { ...request, body: { name: 'Renamed' } });
  const deleted = await service.call('deleteLanguage', 400, request);
  for (const { body } of [changed, deleted]) t.like(body.errors?.[0], { in: 'path', path: 'language_id' });
});

test('PATCH and DELETE /api/languages/{language_id} answer 403 for all but platform admins', async (t) => {
  const request = { as: anyone, ...at(work.language) };
  const changed = await service.call('updateLanguage', 403, { ...request, body: { name: 'Renamed' } });
  const deleted = await service.call('deleteLanguage', 403, request);
  for (const { body } of [changed, deleted]) t.deepEqual(body.required_roles, ['platform:admin']);
});

test('PATCH /api/languages/{language_id} answers 400 for a change of the code, an empty change and a blank name', async (t) => {
  const path = `/api/languages/${work.language.id}`;
  const name = 'x'.repeat(201);
  for (const body of [
    { code: 'dan' },
    { name: 'Danish', code: 'dan' },
    {},
    { name: ' ' },
    { name: null },
    { name },
  ]) {
    const sent = { method: 'PATCH', path, as: admin, body: JSON.stringify(body) };
    t.is((await service.send(sent)).status, 400, sent.body);
  }
});

for (const { title, status, code, ...sent } of unreadableBodies) {
  test(`PATCH /api/languages/{language_id} answers ${status} for ${title}`, async (t) => {
    const path = `/api/languages/${work.language.id}`;
    const answer = await service.send({ method: 'PATCH', path, as: admin, ...sent });
    t.is(answer.status, status);
    t.like(answer.body, { code });
  });
}

test('DELETE /api/languages/{language_id} answers 204, and its code is free again', async (t) => {
  const language = await work.addLanguage();
  const { name, code } = language;
  await service.call('deleteLanguage', 204, { as: admin, ...at(language) });
  await service.call('getLanguage', 404, { as: anyone, ...at(language) });
  await service.call('deleteLanguage', 404, { as: admin, ...at(language) });
  const added = await service.call('createLanguage', 201, { as: admin, body: { name, code } });
  t.not(added.body.id, language.id);
});

test('DELETE /api/languages/{language_id} answers 409 as long as projects work in it', async (t) => {
  const [language, other] = [await work.addLanguage(), await work.addLanguage()];
  const project = await work.addProject(admin, { language_id: language.id });
  const { body } = await service.call('deleteLanguage', 409, { as: admin, ...at(language) });
  t.is(body.code, 'LANGUAGE_IN_USE');
  t.deepEqual((await service.call('getLanguage', 200, { as: anyone, ...at(language) })).body, language);
  // What projects work in is decided where they are stored, not by who asks.
  await service.context.database('projects').where({ id: project.id }).update({ language_id: other.id });
  await service.call('deleteLanguage', 204, { as: admin, ...at(language) });
});

test('DELETE /api/languages/{language_id} succeeds for one of twenty at once', async (t) => {
  const path = `/api/languages/${(await work.addLanguage()).id}`;
  const answers = await twentyAtOnce(() => service.send({ method: 'DELETE', path, as: admin }));
  t.deepEqual(
    answers.map(({ status }) => status),
    oneWinner(204, 404),
  );
});

for (const [title, headers] of [
  ['is deleted', {}],
  ['is deleted under a precondition', { 'If-Match': '*' }],
] as const) {
  test(`A project created while its language ${title} keeps it, or is refused`, async (t) => {
    await raceInBothOrders(async (race) => {
      const language = await work.addLanguage();
      const body = JSON.stringify({ name: 'Project', language_id: language.id });
      const path = `/api/languages/${language.id}`;
      const [deleted, created] = await race(
        () => service.send({ method: 'DELETE', path, as: admin, headers }),
        () => service.send({ method: 'POST', path: '/api/projects', as: admin, body }),
      );
      const outcome = `${deleted.status} and ${created.status}`;
      t.true(['204 and 422', '409 and 201'].includes(outcome), outcome);
      const kept = created.status === 201 ? 200 : 404;
      t.is((await service.call('getLanguage', kept, { as: admin, ...at(language) })).status, kept);
    });
  });
}
