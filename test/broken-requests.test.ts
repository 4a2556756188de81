import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { checkProblem } from './helpers/check-exchange.ts';
import { collectLog } from './helpers/collect-log.ts';
import { openConnection, say, type RawAnswer } from './helpers/raw-socket.ts';
import { startService } from './helpers/service.ts';

const { logTo, entriesOf } = collectLog();
const service = await startService({ logTo });
test.after.always(() => service.stop());

const host = 'Host: localhost\r\n';
const post = `POST /api/auth/logout HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;
const chunked = `${post}Transfer-Encoding: chunked\r\n\r\n`;
const body = '{"refresh_token": "none"}';
const health = `GET /health HTTP/1.1\r\n${host}\r\n`;

const refusals: [shape: string, request: string, status?: number, code?: string][] = [
  ['a line that is no HTTP', 'hello\r\n\r\n'],
  ['the start of TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['the start of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['an unknown version', `GET /health HTTP/1.2\r\n${host}\r\n`],
  ['an unknown method', `BREW /health HTTP/1.1\r\n${host}\r\n`],
  ['a method in lower case', `get /health HTTP/1.1\r\n${host}\r\n`],
  ['a blank in the path', `GET /hea lth HTTP/1.1\r\n${host}\r\n`],
  ['bytes above ASCII in the path', `GET /health\x85\xe2\x80\xa8 HTTP/1.1\r\n${host}\r\n`],
  ['an escape character in the path', `GET /health\x1b[31m HTTP/1.1\r\n${host}\r\n`],
  ['a header without a colon', `GET /health HTTP/1.1\r\n${host}nonsense\r\n\r\n`],
  ['a header name with a blank', `GET /health HTTP/1.1\r\n${host}X-A : b\r\n\r\n`],
  ['NUL in a header', `GET /health HTTP/1.1\r\n${host}X-A: a\0b\r\n\r\n`],
  ['an escape character in a header', `GET /health HTTP/1.1\r\n${host}User-Agent: \x1b[31m\r\n\r\n`],
  ['no Host', 'GET /health HTTP/1.1\r\n\r\n'],
  ['two Hosts', `GET /health HTTP/1.1\r\n${host}Host: other\r\n\r\n`],
  // What two programs may read in two ways, so that one takes for a request what the other takes for a body.
  ['a length and chunks', `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['chunks and a length', `${post}Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n`],
  ['the same length twice', `${post}Content-Length: 25\r\nContent-Length: 25\r\n\r\n${body}`],
  ['two lengths', `${post}Content-Length: 25\r\nContent-Length: 5\r\n\r\n${body}`],
  ['a list of lengths', `${post}Content-Length: 25, 25\r\n\r\n${body}`],
  ['a length with a sign', `${post}Content-Length: +25\r\n\r\n${body}`],
  ['a negative length', `${post}Content-Length: -1\r\n\r\n${body}`],
  ['a length in hexadecimal', `${post}Content-Length: 0x19\r\n\r\n${body}`],
  ['a length beyond all numbers', `${post}Content-Length: ${'9'.repeat(30)}\r\n\r\n${body}`],
  ['an empty length', `${post}Content-Length:\r\n\r\n${body}`],
  ['an encoding beside chunks', `${post}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`],
  ['chunks before another encoding', `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`],
  ['chunks twice', `${post}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`],
  ['something like chunks', `${post}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`],
  ['chunks after a vertical tab', `${post}Transfer-Encoding: \x0bchunked\r\n\r\n0\r\n\r\n`],
  ['chunks in HTTP/1.0', `${chunked.replace('HTTP/1.1', 'HTTP/1.0')}0\r\n\r\n`],
  ['a folded header', `GET /health HTTP/1.1\r\n${host}X-A: a\r\n b\r\n\r\n`],
  ['a folded Transfer-Encoding', `${post}Transfer-Encoding:\r\n chunked\r\n\r\n0\r\n\r\n`],
  ['a blank before the first header', `GET /health HTTP/1.1\r\n X-A: b\r\n${host}\r\n`],
  ['LF alone after the request line', `GET /health HTTP/1.1\n${host}\r\n`],
  ['LF alone after a header', `GET /health HTTP/1.1\r\nHost: localhost\nX-A: b\r\n\r\n`],
  ['LF alone after the headers', `GET /health HTTP/1.1\r\n${host}\n`],
  ['CR alone in a header', `GET /health HTTP/1.1\r\nHost: localhost\rX-A: b\r\n\r\n`],
  ['a chunk whose size is no number', `${chunked}zz\r\n\r\n`],
  ['a chunk longer than its size', `${chunked}1\r\nab\r\n0\r\n\r\n`],
  ['LF alone after the size of a chunk', `${chunked}1\na\r\n0\r\n\r\n`],
  ['LF alone after the extension of a chunk', `${chunked}1;a\na\r\n0\r\n\r\n`],
  ['a chunk with an extension of 20,000 letters', `${chunked}1;${'x'.repeat(20_000)}\r\na\r\n0\r\n\r\n`],
  ['CONNECT', `CONNECT example.org:443 HTTP/1.1\r\n${host}\r\n`],
  [
    'an address of 20,000 letters',
    `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${host}\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
  [
    'a header of 20,000 letters',
    `GET /health HTTP/1.1\r\n${host}X-A: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
  [
    'trailers of 20,000 letters',
    `${chunked}1\r\na\r\n0\r\nX-A: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
    'HEADERS_TOO_LARGE',
  ],
  ['3,000 headers', `GET /health HTTP/1.1\r\n${host}${'a:\r\n'.repeat(3_000)}\r\n`, 431, 'HEADERS_TOO_LARGE'],
  ['101 headers', `GET /health HTTP/1.1\r\n${host}${'X-A: b\r\n'.repeat(100)}\r\n`, 431, 'HEADERS_TOO_LARGE'],
  [
    'another expectation than 100-continue',
    `${post}Expect: more\r\nContent-Length: 0\r\n\r\n`,
    417,
    'EXPECTATION_FAILED',
  ],
];

function checkRefusal(answer: RawAnswer | undefined, status: number): void {
  if (!answer) throw new Error('no answer came');
  checkProblem(answer);
  const { headers } = answer;
  const expected = {
    Connection: 'close',
    'Cache-Control': 'no-store',
    'Content-Security-Policy': "default-src 'none';frame-ancestors 'none'",
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Referrer-Policy': 'no-referrer',
    'Strict-Transport-Security': 'max-age=31536000; includeSubDomains',
    'Cross-Origin-Resource-Policy': 'cross-origin',
  };
  for (const [name, value] of Object.entries(expected))
    if (headers.get(name) !== value) throw new Error(`${name}: ${headers.get(name)}`);
  if (!headers.has('Date') || answer.status !== status) throw new Error(JSON.stringify(answer));
}

for (const [shape, request, status = 400, code = 'MALFORMED_REQUEST'] of refusals) {
  test(`${shape}: answers ${status} as a problem, and nothing that follows counts`, async (t) => {
    const answers = await say(service.url, request + health);
    t.is(answers.length, 1);
    t.notThrows(() => {
      checkRefusal(answers[0], status);
    });
    t.like(answers[0]?.body, { code });
    const logged = await entriesOf(answers[0]?.headers.get('X-Request-Id') ?? 'none');
    t.is(logged.length, 1);
    t.like(logged[0], { severity: 'INFO', httpRequest: { status } });
    t.true(JSON.stringify(logged[0]).length < 400);
  });
}

for (const [shape, request, status] of [
  ['an empty line before a request', `\r\n${health}`, 200],
  ['100 headers', `GET /health HTTP/1.1\r\n${host}${'X-A: b\r\n'.repeat(99)}\r\n`, 200],
  ['HTTP/1.0 without a Host', 'GET /health HTTP/1.0\r\n\r\n', 200],
  ['an offer of WebSocket', health.replace('\r\n', '\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n'), 200],
  ['an offer of HTTP/2', health.replace('\r\n', '\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n'), 200],
  ['chunks with extensions and trailers', `${chunked}19;a=b\r\n${body}\r\n0\r\nX-A: b\r\n\r\n`, 204],
] as const) {
  test(`${shape}: answers ${status} like any other request`, async (t) => {
    const connection = openConnection(service.url);
    connection.send(request);
    t.is((await connection.answers(1))[0]?.status, status);
    connection.socket.destroy();
  });
}

test('a client that waits for 100 Continue gets it, then the answer', async (t) => {
  const connection = openConnection(service.url);
  connection.send(`${post}Content-Length: 25\r\nExpect: 100-continue\r\n\r\n`);
  t.is((await connection.answers(1))[0]?.status, 100);
  connection.send(body);
  t.is((await connection.answers(2))[1]?.status, 204);
  connection.socket.destroy();
});

test('a broken request behind good ones is answered after them', async (t) => {
  const answers = await say(service.url, `${health}${health}hello\r\n\r\n`);
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 400],
  );
});

test('what follows a request that ends the connection is not answered', async (t) => {
  const last = health.replace('\r\n', '\r\nConnection: close\r\n');
  const answers = await say(service.url, last + health);
  t.deepEqual(
    answers.map(({ status }) => status),
    [200],
  );
});

test('a body that breaks off is answered with the id of its request', async (t) => {
  const connection = openConnection(service.url);
  connection.send(`${post}X-Request-Id: broken-body\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n`);
  connection.send('{"refresh');
  const answers = await connection.closed();
  t.deepEqual(
    answers.map(({ status, headers }) => [status, headers.get('X-Request-Id')]),
    [[400, 'broken-body']],
  );
  t.deepEqual(
    (await entriesOf('broken-body')).map(({ message, httpRequest }) => [
      message,
      (httpRequest as { status: number }).status,
    ]),
    [['cut off', 400]],
  );
});

test('clients that go away in the middle of something disturb nobody', async (t) => {
  for (const part of ['', 'GET /hea', health.slice(0, -2), `${post}Content-Length: 25\r\n\r\n{"re`, health])
    for (const way of ['resetAndDestroy', 'destroy', 'end'] as const) {
      const { socket, send } = openConnection(service.url);
      await once(socket, 'connect');
      send(part);
      await sleep(5);
      socket[way]();
    }
  for (let tries = 0; tries < 5; tries++) {
    const connection = openConnection(service.url);
    connection.send(health);
    t.is((await connection.answers(1))[0]?.status, 200);
    connection.socket.destroy();
  }
});
