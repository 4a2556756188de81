import test from 'ava';
import { createApp } from '../src/app.ts';
import { listen } from '../src/http/listen.ts';
import { signUp } from './helpers/people.ts';
import { sendOdd, type OddRequest } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const person = await signUp(service);
const adminConsole = 'https://console.example.org';
const studio = 'https://studio.example.org:8443';
const { server, port } = await listen(
  await createApp(service.context, { corsOrigins: [adminConsole, studio], trustedProxies: 0 }),
  0,
  service.context,
);
test.after.always(async () => {
  server.closeAllConnections();
  server.close();
  await service.stop();
});

function send(origin: string | undefined, request: Partial<OddRequest> = {}) {
  return sendOdd(`http://localhost:${port}`, {
    method: 'GET',
    path: '/health',
    ...request,
    headers: { ...request.headers, ...(origin === undefined ? {} : { origin }) },
  });
}

function preflight(origin: string) {
  return send(origin, {
    method: 'OPTIONS',
    path: '/api/auth/me',
    headers: { 'access-control-request-method': 'DELETE', 'access-control-request-headers': 'authorization' },
  });
}

for (const origin of [adminConsole, studio]) {
  test(`${origin} is answered that it may, and no other`, async (t) => {
    for (const { headers } of [await send(origin), await preflight(origin)])
      t.is(headers.get('Access-Control-Allow-Origin'), origin);
  });
}

for (const origin of [
  'null',
  '*',
  'https://evil.example',
  'http://console.example.org',
  'https://console.example.org:443',
  'https://console.example.org:8443',
  'https://studio.example.org',
  'https://studio.example.org:84430',
  'https://console.example.org.',
  'https://console.example.org/',
  'https://console.example.org.evil.example',
  'https://console.example.orgevil.example',
  'https://console.example.org@evil.example',
  'https://evil.console.example.org',
  'https://evilconsole.example.org',
  'https://consoleXexample.org',
  'https://CONSOLE.example.org',
  'HTTPS://console.example.org',
  'https://console.example',
  'https://example.org',
  'xhttps://console.example.org',
  'https://evil.example?https://console.example.org',
  'https://evil.example https://console.example.org',
  'https://console.example.org, https://evil.example',
  'https://console.example.org%00.evil.example',
  'https://console.example.org\t.evil.example',
]) {
  test(`the origin ${JSON.stringify(origin)} is told nothing that would let it in`, async (t) => {
    for (const { headers } of [
      await send(origin),
      await preflight(origin),
      await send(origin, { path: '/nothing' }),
    ]) {
      t.is(headers.get('Access-Control-Allow-Origin'), null);
      t.is(headers.get('Access-Control-Allow-Credentials'), null);
      t.regex(headers.get('Vary') ?? '', /\bOrigin\b/);
    }
  });
}

const json = { 'content-type': 'application/json' };

for (const [status, request] of [
  [200, { path: '/api/auth/me', as: person }],
  [204, { method: 'POST', path: '/api/auth/logout', headers: json, body: '{"refresh_token":"x"}' }],
  [204, { method: 'OPTIONS' }],
  [304, { path: '/docs', headers: { 'if-none-match': '*' } }],
  [400, { path: '/health?x=1' }],
  [401, { path: '/api/auth/me' }],
  [403, { path: '/api/users', as: person }],
  [404, { path: '/nothing' }],
  [405, { method: 'POST' }],
  [415, { method: 'POST', path: '/api/auth/login', body: 'x' }],
  [417, { headers: { expect: 'more' } }],
] as const) {
  test(`an answer ${status} to ${'method' in request ? request.method : 'GET'} ${'path' in request ? request.path : '/health'} is kept apart for each origin`, async (t) => {
    for (const origin of [adminConsole, 'https://evil.example', undefined]) {
      const answer = await send(origin, request);
      t.is(answer.status, status);
      const vary = answer.headers.get('Vary')?.split(/, */) ?? [];
      t.true(vary.includes('Origin'), vary.join());
      const allowed = answer.headers.get('Access-Control-Allow-Origin');
      t.is(allowed, origin === adminConsole ? adminConsole : null);
      for (const name of ['Content-Security-Policy', 'X-Content-Type-Options', 'Strict-Transport-Security'])
        t.true(answer.headers.has(name), name);
    }
  });
}
