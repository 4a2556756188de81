import { gzipSync } from 'node:zlib';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import type { Answer } from './helpers/client.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd, type OddRequest } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

const json = { 'content-type': 'application/json' };
const unknownId = '01981f60-0000-7000-8000-000000000000';

/** Sends a body to an operation that anyone signed in may call. */
function updateMe(body: string | Uint8Array | undefined, odd: Partial<OddRequest> = {}) {
  return sendOdd(service.url, {
    method: 'PATCH',
    path: '/api/auth/me',
    as: person,
    headers: json,
    body,
    ...odd,
  });
}

function get(path: string) {
  return sendOdd(service.url, { method: 'GET', path, as: person });
}

function summary({ status, body }: Answer<unknown>) {
  const { code, errors } = body as Schema<'Problem'>;
  return errors === undefined
    ? { status, code }
    : { status, code, errors: errors.map((error) => `${error.in} ${error.path}`.trim()) };
}

const malformed = { status: 400, code: 'MALFORMED_JSON' };
const unsupported = { status: 415, code: 'UNSUPPORTED_MEDIA_TYPE' };
const tooLarge = { status: 413, code: 'PAYLOAD_TOO_LARGE' };
const invalid = (...errors: string[]) => ({ status: 400, code: 'VALIDATION_ERROR', errors });

for (const [words, body] of [
  ['is cut off', '{"locale": "d'],
  ['has a trailing comma', '{"locale": "da",}'],
  ['is NaN', 'NaN'],
  ['is only white space', '   '],
  ['is a form', 'locale=da'],
  ['has something after its end', '{"locale": "da"} {}'],
  ['is not UTF-8', Buffer.from('{"display_name": "Zoë"}', 'latin1')],
  ['is UTF-16', Buffer.from('{"locale": "da"}', 'utf16le')],
  ['holds half of a surrogate pair in bytes', Buffer.from('7b2261223a22eda080227d', 'hex')],
] as const) {
  test(`a body that ${words} answers 400 MALFORMED_JSON`, async (t) => {
    t.deepEqual(summary(await updateMe(body)), malformed);
  });
}

for (const [words, body, place] of [
  ['null', 'null', 'body'],
  ['a text', '"locale"', 'body'],
  ['a number', '1', 'body'],
  ['a list', '[{"locale": "da"}]', 'body'],
  ['no field', '{}', 'body'],
  ['nothing', undefined, 'body'],
  ['NUL in a text', '{"display_name": "a\\u0000"}', 'body display_name'],
  ['the first half of a surrogate pair', '{"display_name": "\\ud83d"}', 'body display_name'],
  ['the second half of a surrogate pair', '{"display_name": "\\ude00 x"}', 'body display_name'],
  ['an infinite number', '{"display_name": 1e400}', 'body display_name'],
  ['a number of 10,000 digits', `{"display_name": ${'9'.repeat(10_000)}}`, 'body display_name'],
  ['__proto__', '{"__proto__": {"locale": "da"}}', 'body __proto__'],
  ['constructor', '{"constructor": {"prototype": {}}}', 'body constructor'],
  ['toString', '{"toString": 1}', 'body toString'],
  ['an empty name', '{"": 1}', 'body'],
  ['10,000 levels', `{"locale": ${'['.repeat(10_000)}${']'.repeat(10_000)}}`, 'body locale'],
] as const) {
  test(`a body with ${words} answers 400 and names it`, async (t) => {
    t.deepEqual(summary(await updateMe(body)), invalid(place));
  });
}

test('a body with __proto__ leaves every other object as it was', async (t) => {
  await updateMe('{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}');
  t.false('polluted' in {});
});

test('both halves of a surrogate pair make one character', async (t) => {
  const { status, body } = await updateMe('{"display_name": "\\ud83d\\ude00"}', {
    as: await signUp(service),
  });
  t.is(status, 200);
  t.like(body, { display_name: '😀' });
});

test('of two fields with one name the last counts', async (t) => {
  const { status, body } = await updateMe('{"locale": "not valid!", "locale": "da"}', {
    as: await signUp(service),
  });
  t.is(status, 200);
  t.like(body, { locale: 'da' });
});

test('latitude as a huge number answers 400', async (t) => {
  const project = { method: 'PATCH', path: `/api/projects/${unknownId}/location`, as: admin };
  const answer = await service.send({ ...project, body: '{"latitude": 1e400, "longitude": 1e30}' });
  t.deepEqual(summary(answer), invalid('body latitude', 'body longitude'));
});

test('a body that starts with a byte order mark is read', async (t) => {
  t.is((await updateMe('\ufeff{"locale": "da"}', { as: await signUp(service) })).status, 200);
});

for (const type of [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/jsonp',
  'application/problem+json',
  'application/json, text/plain',
  'json',
  '',
]) {
  test(`a body as "${type}" answers 415`, async (t) => {
    t.deepEqual(
      summary(await updateMe('{"locale": "da"}', { headers: { 'content-type': type } })),
      unsupported,
    );
  });
}

test('a body without a Content-Type answers 415', async (t) => {
  t.deepEqual(summary(await updateMe('{"locale": "da"}', { headers: {} })), unsupported);
});

for (const type of ['Application/JSON', 'application/json;charset=utf-8', 'application/json ; x="y"']) {
  test(`a body as "${type}" is read`, async (t) => {
    t.is((await updateMe('{}', { headers: { 'content-type': type } })).status, 400);
    const answer = await updateMe('{"locale": "da"}', {
      headers: { 'content-type': type },
      as: await signUp(service),
    });
    t.is(answer.status, 200);
  });
}

test('a body compressed by gzip is read', async (t) => {
  const headers = { ...json, 'content-encoding': 'gzip' };
  const answer = await updateMe(gzipSync('{"locale": ""}'), { headers });
  // Held against the contract as it was sent, a compressed body would not be JSON.
  t.is(answer.status, 200);
});

test('a gzip body that is cut off answers 400', async (t) => {
  const headers = { ...json, 'content-encoding': 'gzip' };
  const body = gzipSync(JSON.stringify({ display_name: 'a name' })).subarray(0, -12);
  t.deepEqual(summary(await updateMe(body, { headers })), malformed);
});

test('a body that only claims to be gzip answers 400', async (t) => {
  const headers = { ...json, 'content-encoding': 'gzip' };
  t.deepEqual(summary(await updateMe('{"locale": "da"}', { headers })), malformed);
});

test('a small gzip body that swells over 100 KiB answers 413', async (t) => {
  const headers = { ...json, 'content-encoding': 'gzip' };
  t.deepEqual(summary(await updateMe(gzipSync(Buffer.alloc(50_000_000)), { headers })), tooLarge);
});

for (const encoding of ['zstd', 'compress', 'gzip, gzip', 'nonsense']) {
  test(`a body encoded as "${encoding}" answers 415`, async (t) => {
    const headers = { ...json, 'content-encoding': encoding };
    t.deepEqual(summary(await updateMe('{"locale": "da"}', { headers })), unsupported);
  });
}

/** As long as told, and invalid only by what it says. */
function bodyOf(bytes: number): string {
  return `{"locale": 1${' '.repeat(bytes - 13)}}`;
}

for (const chunked of [false, true]) {
  const way = chunked ? 'in chunks' : 'with its length';
  test(`a body of 100 KiB sent ${way} is read`, async (t) => {
    t.deepEqual(summary(await updateMe(bodyOf(102_400), { chunked })), invalid('body locale'));
  });

  test(`a body of 100 KiB and one byte sent ${way} answers 413`, async (t) => {
    t.deepEqual(summary(await updateMe(bodyOf(102_401), { chunked })), tooLarge);
  });

  test(`a body of 5 MB sent ${way} answers 413, and the connection serves the next request`, async (t) => {
    t.deepEqual(summary(await updateMe(bodyOf(5_000_000), { chunked })), tooLarge);
    t.is((await get('/api/auth/me')).status, 200);
  });
}

test('10,000 unknown fields answer 400 with at most 50 errors in a small answer', async (t) => {
  const names = Array.from({ length: 10_000 }, (_, index) => [`x${index}`, 1]);
  const { status, body, text } = await updateMe(JSON.stringify(Object.fromEntries(names)));
  t.is(status, 400);
  t.is((body as Schema<'Problem'>).errors?.length, 50);
  t.true(text.length < 20_000);
});

test('an unknown field with a name of 90,000 letters answers 400 in a small answer', async (t) => {
  const { status, text } = await updateMe(JSON.stringify({ [`😀${'x'.repeat(90_000)}`]: 1 }));
  t.is(status, 400);
  t.true(text.length < 2_000);
});

test('1,000 unknown query parameters answer 400 with at most 50 errors', async (t) => {
  const query = Array.from({ length: 1_000 }, (_, index) => `x${index}=1`).join('&');
  const { status, body } = await get(`/api/languages?${query}`);
  t.is(status, 400);
  t.is((body as Schema<'Problem'>).errors?.length, 50);
});

test('everything that is wrong with body, query and path is told at once', async (t) => {
  const { body, status } = await service.send({
    method: 'POST',
    path: '/api/organizations/no-id/members?x=1&y=2',
    as: admin,
    body: JSON.stringify({ user_id: 'nobody', role: 'boss', more: true }),
  });
  t.is(status, 400);
  const { errors = [], detail } = body as Schema<'Problem'>;
  const told = new Set(errors.map((error) => `${error.in} ${error.path}`));
  const expected = ['path organization_id', 'query x', 'query y', 'body user_id', 'body role', 'body more'];
  t.deepEqual([...told].sort(), expected.sort());
  for (const { path, message } of errors) {
    t.true(message.length > 0);
    t.true(detail.includes(`${path} ${message}`));
  }
});

test('every missing field is told', async (t) => {
  const answer = await service.send({ method: 'POST', path: '/api/auth/signup', body: '{}' });
  t.deepEqual(summary(answer), invalid('body email', 'body password'));
});

for (const email of [
  '..a@example.org',
  'a..b@example.org',
  'a.@example.org',
  'a@localhost',
  'a@-b.org',
  'a b@c.org',
]) {
  test(`"${email}" is no e-mail address`, async (t) => {
    const body = JSON.stringify({ email, password: 'long enough' });
    const answer = await service.send({ method: 'POST', path: '/api/auth/signup', body });
    t.deepEqual(summary(answer), invalid('body email'));
  });
}

for (const path of ['%', '%zz', '%f', '%ff', '%c3%28', '%ed%a0%80', 'a%2']) {
  test(`"${path}" in place of an id answers 404`, async (t) => {
    t.deepEqual(summary(await get(`/api/languages/${path}`)), { status: 404, code: 'NOT_FOUND' });
  });
}

for (const [path, shown] of [
  ['%00', 'NUL'],
  ['%2e%2e', 'two dots'],
  ['a%2fb', 'a slash'],
  ['%E2%80%8B', 'an invisible space'],
  [`${unknownId}%0a`, 'an id and a line feed'],
  [`%7B${unknownId}%7D`, 'an id in braces'],
  [unknownId.replaceAll('-', ''), 'an id without dashes'],
  [`urn:uuid:${unknownId}`, 'an id as a URN'],
  ['x'.repeat(14_000), '14,000 letters'],
]) {
  test(`${shown} in place of an id answers 400 and names it`, async (t) => {
    t.like(summary(await get(`/api/languages/${path}`)), { status: 400, code: 'VALIDATION_ERROR' });
    t.true((summary(await get(`/api/languages/${path}`)).errors ?? []).includes('path language_id'));
  });
}

for (const query of [
  ...['q=%00', 'q=%ff', 'q=%c3%28', 'q=%ed%a0%80', 'q=a%2', 'q=100%', 'q=%zz'],
  ...['q=a&q=b', 'q[]=a', 'q[a]=b', `q=${'x'.repeat(201)}`, `q=${'x'.repeat(14_000)}`],
]) {
  test(`GET /api/languages?${query.slice(0, 12)} (${query.length} characters) answers 400 and names q`, async (t) => {
    const { status, errors = [] } = summary(await get(`/api/languages?${query}`));
    t.is(status, 400);
    t.true(errors.includes('query q'));
  });
}

for (const query of [
  'x=1',
  'Q=a',
  'q=a&colour=blue',
  '__proto__=1',
  'constructor=1',
  '=',
  '[x]=1',
  'q%00=1',
  '%ff=1',
]) {
  test(`GET /api/languages?${query} answers 400 for the unknown parameter`, async (t) => {
    t.like(summary(await get(`/api/languages?${query}`)), { status: 400, code: 'VALIDATION_ERROR' });
  });
}

test('operations without parameters refuse unknown ones too', async (t) => {
  t.deepEqual(summary(await get('/api/auth/me?x=1')), invalid('query x'));
  t.deepEqual(summary(await get('/health?verbose=true')), invalid('query verbose'));
});

for (const query of ['', 'q=', 'q=a%20b+c', 'q=%F0%9F%98%80', 'q=a:b/c?d@e', "q=';drop%20table%20users--"]) {
  test(`GET /api/languages?${query} is a search like any other`, async (t) => {
    t.is((await get(`/api/languages?${query}`)).status, 200);
  });
}

test('a path and query too long for HTTP answers 431, and the service goes on', async (t) => {
  t.is((await get(`/api/languages/${'x'.repeat(20_000)}`)).status, 431);
  t.is((await get('/api/languages')).status, 200);
});

test('ids in upper case are taken in path, query and body, and answered in lower case', async (t) => {
  const { body: language } = await service.call('createLanguage', 201, {
    as: admin,
    body: { name: 'Private', code: 'qaa' },
  });
  const language_id = language.id.toUpperCase();
  const { body: read } = await service.call('getLanguage', 200, { as: person, path: { language_id } });
  t.is(read.id, language.id);
  const { body: project } = await service.call('createProject', 201, {
    as: person,
    body: { name: 'Upper case', language_id },
  });
  t.is(project.language_id, language.id);
  const { body: list } = await service.call('listProjects', 200, { as: person, query: { language_id } });
  t.deepEqual(list, [project]);
});
