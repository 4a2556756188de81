import { queryObjects } from 'node:v8';
import { SchemaEnv } from 'ajv/dist/compile/index.js';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { operations } from './helpers/contract.ts';
import { password, platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd, type OddRequest } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

const origin = 'http://localhost:5173';
const unknownId = '01981f60-0000-7000-8000-000000000000';
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function get(path: string, request: Partial<OddRequest> = {}) {
  return sendOdd(service.url, { method: 'GET', path, ...request });
}

/** How many schemas are compiled and not let go. */
function schemas(): number {
  return Number(queryObjects(SchemaEnv));
}

test.serial('2,000 different Content-Types leave the validator with no more schemas than one', async (t) => {
  const send = (type: string) =>
    Promise.all([
      get('/api/languages', { as: person, headers: { 'content-type': type } }),
      get('/health', { headers: { 'content-type': type } }),
      sendOdd(service.url, {
        method: 'POST',
        path: '/api/auth/logout',
        headers: { 'content-type': `application/json; x=${type}` },
        body: '{"refresh_token": "none"}',
      }),
      sendOdd(service.url, {
        method: 'POST',
        path: '/api/auth/logout',
        headers: { 'content-type': type },
        body: '{}',
      }),
    ]);
  // Often enough that each instance has met each of them.
  for (let times = 0; times < 9; times++) await send('text/plain');
  const before = schemas();
  t.true(before > 0);
  for (let index = 0; index < 500; index++) await send(`text/x${index}`);
  t.is(schemas(), before);
});

for (const path of [
  '/',
  '/api',
  '/api/',
  '/api/nothing',
  '/api/languages/',
  '/api/languages/code/',
  '/api/organizations//members',
  '/API/languages',
  '//health',
  '/docs/x',
]) {
  test(`GET ${path} answers 404 as a problem`, async (t) => {
    const { status, headers, body } = await get(`${path}?x=1`);
    t.is(status, 404);
    t.is(headers.get('Content-Type'), 'application/problem+json; charset=utf-8');
    const { detail, ...rest } = body as Schema<'Problem'>;
    const type = '/docs#section/errors/not_found';
    const request_id = headers.get('X-Request-Id') ?? '';
    t.deepEqual(rest, { type, title: 'Not Found', status, code: 'NOT_FOUND', instance: path, request_id });
    t.is(typeof detail, 'string');
  });
}

for (const [method, template] of [
  ['POST', '/health'],
  ['PUT', '/api/auth/me'],
  ['GET', '/api/auth/login'],
  ['HEAD', '/api/auth/login'],
  ['TRACE', '/api/languages'],
  ['PROPFIND', '/api/phases/{phase_id}'],
] as const) {
  test(`${method} ${template} answers 405 and says what is possible`, async (t) => {
    const path = template.replace('{phase_id}', unknownId);
    const there = [...operations.values()].filter((operation) => operation.path === template);
    const possible = there.map((operation) => operation.method);
    const { status, headers, body } = await sendOdd(service.url, { method, path });
    t.is(status, 405);
    const expected = [...possible, ...(possible.includes('GET') ? ['HEAD'] : []), 'OPTIONS'];
    t.deepEqual(headers.get('Allow')?.split(', ').sort(), expected.sort());
    if (method !== 'HEAD') t.like(body, { code: 'METHOD_NOT_ALLOWED', instance: path });
  });
}

for (const [path, as, status] of [
  ['/health', undefined, 200],
  ['/docs', undefined, 200],
  ['/openapi.json', undefined, 200],
  ['/api/auth/me', person, 200],
  ['/api/languages', person, 200],
  ['/api/languages', undefined, 401],
  [`/api/languages/${unknownId}`, person, 404],
  ['/api/languages/no-id', person, 400],
  ['/nothing', undefined, 404],
] as const) {
  // No other changes what is answered meanwhile.
  test.serial(`HEAD ${path} answers ${status} like GET, without a body`, async (t) => {
    const headers = { 'x-request-id': 'the-same' };
    const expected = await get(path, { as, headers });
    const answer = await sendOdd(service.url, { method: 'HEAD', path, as, headers });
    t.is(answer.status, status);
    t.is(expected.status, status);
    t.is(answer.text, '');
    t.true(expected.text.length > 0);
    const lasting = ({ headers: all }: typeof answer) => [...all].filter(([name]) => name !== 'date');
    t.deepEqual(lasting(answer), lasting(expected));
  });
}

function preflight(from: string, path = '/api/auth/me') {
  return sendOdd(service.url, {
    method: 'OPTIONS',
    path,
    headers: {
      origin: from,
      'access-control-request-method': 'PATCH',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
}

test('OPTIONS lets the configured origin send what the console sends', async (t) => {
  const { status, headers, text } = await preflight(origin);
  t.is(status, 204);
  t.is(text, '');
  t.is(headers.get('Access-Control-Allow-Origin'), origin);
  t.is(headers.get('Access-Control-Max-Age'), '600');
  t.true(headers.get('Access-Control-Allow-Methods')?.split(',').includes('PATCH'));
  t.is(headers.get('Access-Control-Allow-Headers'), 'authorization,content-type');
  t.is(headers.get('Access-Control-Allow-Credentials'), null);
});

for (const other of [
  'https://evil.example',
  'http://localhost:5174',
  'https://localhost:5173',
  'null',
  `${origin}.evil.example`,
]) {
  test(`OPTIONS lets the origin ${other} send nothing`, async (t) => {
    t.is((await preflight(other)).headers.get('Access-Control-Allow-Origin'), null);
    t.is(
      (await get('/health', { headers: { origin: other } })).headers.get('Access-Control-Allow-Origin'),
      null,
    );
  });
}

test('the configured origin may read answers, errors too, and the headers that matter', async (t) => {
  for (const path of ['/health', '/api/auth/me', '/nothing']) {
    const { headers } = await get(path, { headers: { origin } });
    t.is(headers.get('Access-Control-Allow-Origin'), origin);
    t.true(headers.get('Vary')?.includes('Origin'));
    const exposed = headers.get('Access-Control-Expose-Headers')?.split(',').sort();
    t.deepEqual(exposed, [
      ...['Deprecation', 'ETag', 'Link', 'Location', 'RateLimit', 'RateLimit-Policy'],
      ...['Retry-After', 'Sunset', 'WWW-Authenticate', 'X-Request-Id'],
    ]);
  }
});

test('X-Request-Id is echoed, in problems too', async (t) => {
  const headers = { 'x-request-id': 'my-request.17' };
  t.is((await get('/health', { headers })).headers.get('X-Request-Id'), 'my-request.17');
  const { body } = await get('/nothing', { headers });
  t.like(body, { request_id: 'my-request.17' });
});

test('without an X-Request-Id each answer gets one of its own', async (t) => {
  const [one, other] = await Promise.all([get('/health'), get('/health')]);
  t.regex(one.headers.get('X-Request-Id') ?? '', uuid);
  t.not(one.headers.get('X-Request-Id'), other.headers.get('X-Request-Id'));
});

for (const garbage of ['', 'with space', 'tab\there', 'ü', 'x'.repeat(129)]) {
  test(`the X-Request-Id "${garbage.slice(0, 20)}" of ${garbage.length} characters is replaced`, async (t) => {
    const { headers } = await get('/health', { headers: { 'x-request-id': garbage } });
    t.regex(headers.get('X-Request-Id') ?? '', uuid);
  });
}

for (const path of ['/health', '/api/languages', '/nothing', '/openapi.yaml', '/docs']) {
  test(`GET ${path} comes with headers that keep browsers from mischief`, async (t) => {
    const { headers } = await get(path);
    t.is(headers.get('X-Content-Type-Options'), 'nosniff');
    t.is(headers.get('X-Frame-Options'), 'DENY');
    t.is(headers.get('Referrer-Policy'), 'no-referrer');
    t.regex(headers.get('Strict-Transport-Security') ?? '', /^max-age=\d{8}/);
    t.is(headers.get('X-Powered-By'), null);
    t.is(headers.get('Server'), null);
    t.is(headers.has('ETag'), path.startsWith('/openapi') || path === '/docs');
    if (path === '/docs') return;
    t.is(headers.get('Content-Security-Policy'), "default-src 'none';frame-ancestors 'none'");
  });
}

test('answers about tokens and problems are stored nowhere, others only privately', async (t) => {
  const { headers: signedIn } = await service.call('logIn', 200, {
    body: { email: person.email, password },
  });
  t.is(signedIn.get('Cache-Control'), 'no-store');
  t.is((await get('/nothing')).headers.get('Cache-Control'), 'no-store');
  const { headers } = await service.call('listLanguages', 200, { as: person });
  t.is(headers.get('Cache-Control'), 'private, no-cache');
});

test('without an ETag a GET is answered in full, whatever the client says it has', async (t) => {
  for (const header of ['if-none-match', 'if-modified-since'] as const) {
    const value = header === 'if-none-match' ? '*' : new Date().toUTCString();
    const { status, text } = await get('/health', { headers: { [header]: value } });
    t.is(status, 200);
    t.is(text, '{"status":"ok"}');
  }
});

test('a large list is compressed for who takes it', async (t) => {
  for (let index = 0; index < 10; index++) {
    const body = { name: `A phase with quite a long name, number ${index}`, description: 'x'.repeat(200) };
    await service.call('createPhase', 201, { as: admin, body });
  }
  const [plain, gzip] = await Promise.all([
    get('/api/phases', { as: admin }),
    get('/api/phases', { as: admin, headers: { 'accept-encoding': 'gzip' } }),
  ]);
  t.is(plain.headers.get('Content-Encoding'), null);
  t.is(gzip.headers.get('Content-Encoding'), 'gzip');
  t.true(gzip.headers.get('Vary')?.includes('Accept-Encoding'));
  t.deepEqual(gzip.body, plain.body);
});

for (const path of ['/docs', '/openapi.json', '/openapi.yaml'])
  test(`${path} is the same however it is compressed`, async (t) => {
    const plain = await get(path);
    t.is(plain.headers.get('Content-Encoding'), null);
    for (const [accepted, encoding] of [
      ['gzip', 'gzip'],
      ['gzip, deflate, br', 'br'],
      ['br;q=0, gzip', 'gzip'],
    ] as const) {
      const headers = { 'accept-encoding': accepted };
      for (const again of ['at first', 'the next time']) {
        const packed = await get(path, { headers });
        t.is(packed.headers.get('Content-Encoding'), encoding, again);
        t.true(packed.headers.get('Vary')?.includes('Accept-Encoding'));
        t.true(Number(packed.headers.get('Content-Length')) < plain.text.length / 2);
        t.is(packed.headers.get('ETag'), plain.headers.get('ETag'));
        t.true(packed.text === plain.text);
      }
    }
    const none = await get(path, { headers: { 'accept-encoding': 'gzip;q=0' } });
    t.is(none.headers.get('Content-Encoding'), null);
  });

test('an answer with tokens is not compressed, however large', async (t) => {
  const user = await signUp(service);
  const avatar_url = `https://example.org/${'x'.repeat(2_000)}`;
  await service.call('updateMe', 200, { as: user, body: { avatar_url } });
  const { status, headers, text } = await sendOdd(service.url, {
    method: 'POST',
    path: '/api/auth/login',
    headers: { 'content-type': 'application/json', 'accept-encoding': 'gzip, br' },
    body: JSON.stringify({ email: user.email, password }),
  });
  t.is(status, 200);
  t.true(text.length > 2_000);
  t.is(headers.get('Content-Encoding'), null);
});

test('a new thing with a path of its own comes with its Location', async (t) => {
  const as = admin;
  const language = await service.call('createLanguage', 201, { as, body: { name: 'Dhivehi', code: 'div' } });
  const made = [
    language,
    await service.call('createOrganization', 201, { as, body: { name: 'Here', slug: 'here' } }),
    await service.call('createProject', 201, { as, body: { name: 'There', language_id: language.body.id } }),
    await service.call('createPhase', 201, { as, body: { name: 'Then' } }),
  ];
  for (const { headers, body } of made) {
    const location = headers.get('Location') ?? '';
    t.true(location.endsWith(`/${body.id}`));
    const found = await get(location, { as });
    t.is(found.status, 200);
    t.is((found.body as { id: string }).id, body.id);
  }
});
