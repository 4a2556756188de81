import test from 'ava';
import { platformAdmin } from './helpers/people.ts';
import { openConnection } from './helpers/raw-socket.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.after.always(() => service.stop());

const line = 'X-Injected: yes';
const ends = [
  '\r\n',
  '\n',
  '\r',
  '%0d%0a',
  '%0D%0A%20',
  '\\r\\n',
  '\u00e5\u0098\u008d\u00e5\u0098\u008a',
  '\u2028',
];
const injections = ends.flatMap((end) => [`a${end}${line}`, `a${end}${line}${end}${end}<script>`]);

test('a query comes back encoded in the Link to the next page, which stays one link', async (t) => {
  const texts = ['a', ...injections, 'a>; rel="prev", <https://evil.example', 'a", <', 'a;b,c'];
  for (const name of [...texts, ...texts])
    await service.call('createLanguage', 201, { as: admin, body: { name, code: nextCode() } });
  for (const q of texts) {
    const path = `/api/languages?limit=1&q=${encodeURIComponent(q)}`;
    const { headers } = await sendOdd(service.url, { method: 'GET', path, as: admin });
    t.false(headers.has('X-Injected'));
    const link = headers.get('Link') ?? '';
    const next = /^<(\/api\/languages\?[!#-;=?-~]+)>; rel="next"$/.exec(link)?.[1] ?? '/';
    t.is(new URL(next, service.url).searchParams.get('q'), q, link);
  }
});

test('no header of a request makes a header of the answer', async (t) => {
  for (const text of injections)
    for (const name of [
      'X-Request-Id',
      'Origin',
      'Traceparent',
      'Idempotency-Key',
      'If-None-Match',
      'Accept-Encoding',
      'Access-Control-Request-Headers',
    ]) {
      const method = name.startsWith('Access') ? 'OPTIONS' : 'GET';
      const connection = openConnection(service.url);
      connection.send(
        `${method} /openapi.json HTTP/1.1\r\nHost: localhost\r\n${name}: ${Buffer.from(text).toString('latin1')}\r\n\r\n`,
      );
      const [answer] = await connection.answers(1);
      t.true([200, 204, 400].includes(answer?.status ?? 0), `${name}: ${text}`);
      t.false(answer?.headers.has('X-Injected'), `${name}: ${text}`);
      connection.socket.destroy();
    }
});

test('no value in a path makes a header of the answer', async (t) => {
  for (const text of injections) {
    const encoded = encodeURIComponent(text);
    for (const path of [
      `/${encoded}`,
      `/api/phases/${encoded}`,
      `/api/languages/code/${encoded}`,
      `/docs/${encoded}`,
    ]) {
      const { headers, status } = await sendOdd(service.url, { method: 'GET', path, as: admin });
      t.true(status === 400 || status === 404);
      t.false(headers.has('X-Injected'));
    }
  }
});

test('the Location of what is made holds its id and nothing of what was sent', async (t) => {
  for (const name of injections) {
    const { status, headers, body } = await service.send({
      method: 'POST',
      path: '/api/phases',
      as: admin,
      body: JSON.stringify({ name, description: name }),
    });
    t.is(status, 201);
    t.is(headers.get('Location'), `/api/phases/${(body as { id: string }).id}`);
    t.false(headers.has('X-Injected'));
  }
});

let codes = 0;
function nextCode(): string {
  const code = codes++;
  return `q${String.fromCharCode(97 + Math.floor(code / 26), 97 + (code % 26))}`;
}
