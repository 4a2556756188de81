import { connect } from 'node:net';
import test from 'ava';
import { createApp } from '../src/app.ts';
import { createLogger } from '../src/core/logger.ts';
import type { Schema } from '../src/core/schema.ts';
import { listen } from '../src/http/listen.ts';
import { collectLog } from './helpers/collect-log.ts';
import { document } from './helpers/contract.ts';
import { signUp } from './helpers/people.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const person = await signUp(service);
test.after.always(() => service.stop());

/** A second instance on the same database whose log can be read. */
async function startLogged() {
  const { logTo, entries, entriesOf } = collectLog();
  const context = { ...service.context, logger: createLogger('info', { destination: logTo }) };
  const app = await createApp(context, { corsOrigins: [], trustedProxies: 0 });
  const { server, port } = await listen(app, 0, context);
  return {
    entries,
    entriesOf,
    port,
    url: `http://localhost:${port}`,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('what the contract does not allow never leaves: 500 tells nothing, the log tells what', async (t) => {
  const user = await signUp(service);
  await service.context.database('users').where({ id: user.id }).update({ avatar_url: 'hidden words' });
  const logged = await startLogged();
  try {
    const request = { method: 'GET', path: '/api/auth/me', as: user };
    const { status, body, text } = await sendOdd(logged.url, request);
    t.is(status, 500);
    t.like(body, { code: 'INTERNAL_ERROR', instance: '/api/auth/me' });
    t.notRegex(text, /hidden|avatar_url|users|\.ts|node_modules/);
    const { request_id } = body as Schema<'Problem'>;
    const [told] = await logged.entriesOf(request_id);
    t.is(told?.['severity'], 'ERROR');
    t.regex(JSON.stringify(told), /avatar_url/);
  } finally {
    await logged.stop();
  }
});

test('a field that the contract does not name never leaves', async (t) => {
  const user = await signUp(service);
  const { body } = await service.call('getMe', 200, { as: user });
  const { properties = {} } = document.components.schemas['User'] ?? {};
  t.deepEqual(Object.keys(body).sort(), Object.keys(properties).sort());
});

for (const [words, payload] of [
  ['in the head', 'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-'],
  [
    'in the body',
    'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"email"',
  ],
  [
    'in a chunk',
    'POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{"email"',
  ],
  ['before a long answer', 'GET /docs HTTP/1.1\r\nHost: x\r\n\r\n'],
  [
    'before it is answered',
    `GET /api/auth/me HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${person.access_token}\r\n\r\n`,
  ],
] as const) {
  test(`clients that hang up ${words} do no harm`, async (t) => {
    const logged = await startLogged();
    try {
      await Promise.all(Array.from({ length: 20 }, (_, index) => hangUp(logged.port, payload, index)));
      const { status } = await sendOdd(logged.url, { method: 'GET', path: '/api/auth/me', as: person });
      t.is(status, 200);
      t.deepEqual(
        logged.entries().filter(({ severity }) => severity !== 'INFO'),
        [],
      );
    } finally {
      await logged.stop();
    }
  });
}

/** Half of them say goodbye by a reset. */
async function hangUp(port: number, payload: string, index: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connect(port, 'localhost', () => {
      socket.write(payload, () => {
        setTimeout(() => {
          if (index % 2 === 0) socket.resetAndDestroy();
          else socket.destroy();
        }, index * 2);
      });
    });
    socket.once('close', () => {
      resolve();
    });
    socket.once('error', reject);
  });
}

test('what is no HTTP is refused, and the service goes on', async (t) => {
  const { port } = new URL(service.url);
  const answer = await new Promise<string>((resolve, reject) => {
    let text = '';
    const socket = connect(Number(port), 'localhost', () => socket.end('GIMME /health\r\n\r\n'));
    socket
      .on('data', (chunk) => (text += chunk.toString()))
      .on('end', () => {
        resolve(text);
      });
    socket.on('error', reject);
  });
  t.regex(answer, /^HTTP\/1\.1 400 /);
  t.is((await sendOdd(service.url, { method: 'GET', path: '/health' })).status, 200);
});
