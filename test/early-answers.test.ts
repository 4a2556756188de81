import { once } from 'node:events';
import { connect } from 'node:net';
import test from 'ava';
import { checkProblem } from './helpers/check-exchange.ts';
import { collectLog } from './helpers/collect-log.ts';
import { openConnection, type RawAnswer } from './helpers/raw-socket.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
test.after.always(() => service.stop());

const piece = ' '.repeat(10_000);
const pieces = 500;

const bodies = {
  'of a given length': { header: `Content-Length: ${piece.length * pieces}`, part: piece, last: '' },
  'in chunks': {
    header: 'Transfer-Encoding: chunked',
    part: `${piece.length.toString(16)}\r\n${piece}\r\n`,
    last: '0\r\n\r\n',
  },
};

const post = (...headers: string[]) =>
  `${['POST /api/projects HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...headers].join('\r\n')}\r\n\r\n`;

/** As a client does that looks for an answer when it has sent everything. */
async function sendAllThenRead(url: string, parts: readonly string[]): Promise<RawAnswer[]> {
  const { socket, send, closed } = openConnection(url);
  socket.pause();
  for (const part of parts) {
    send(part);
    if (socket.writableNeedDrain) await Promise.race([once(socket, 'drain'), once(socket, 'close')]);
  }
  socket.resume();
  return closed();
}

for (const [kind, { header, part, last }] of Object.entries(bodies)) {
  const body = [...Array.from({ length: pieces }, () => part), last];

  test(`A refusal that ends the connection reaches a client that still sends a body ${kind}`, async (t) => {
    const answers = await sendAllThenRead(service.url, [post(header, 'Connection: close'), ...body]);
    t.deepEqual(
      answers.map(({ status, headers }) => [status, headers.get('Connection')]),
      [[401, 'close']],
    );
    for (const answer of answers)
      t.notThrows(() => {
        checkProblem(answer);
      });
  });

  test(`What follows a body ${kind} is not done when the service ends the connection with a refusal`, async (t) => {
    const { logTo, log, entriesOf } = collectLog();
    // With so few, each connection ends with its first answer.
    const few = await startService({ logTo, limits: { mostConnections: 1 }, oneInstance: true });
    const first = post(header, 'X-Request-Id: the-last');
    const next = post('Content-Length: 0', 'X-Request-Id: behind-the-last');
    t.is((await sendAllThenRead(few.url, [first, ...body, next])).length, 1);
    t.is((await entriesOf('the-last')).length, 1);
    await few.stop();
    t.false(log().includes('behind-the-last'));
  });
}

test('A client that sends for ever after its refusal is cut off', async (t) => {
  const socket = connect({ port: Number(new URL(service.url).port), allowHalfOpen: true });
  let answer = '';
  socket.on('error', () => undefined).on('data', (bytes) => (answer += bytes.toString()));
  socket.write(post('Transfer-Encoding: chunked', 'Connection: close'));
  const sending = setInterval(() => socket.write('1\r\n \r\n'), 20);
  await new Promise((resolve) => socket.once('close', resolve));
  clearInterval(sending);
  t.regex(answer, /^HTTP\/1\.1 401 /);
});
