import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import express, { type Express } from 'express';
import { pino } from 'pino';
import { createMetrics } from '../src/core/metrics.ts';
import { docsHtml } from '../src/http/contract.ts';
import { listen, type ConnectionLimits } from '../src/http/listen.ts';
import { checkProblem } from './helpers/check-exchange.ts';
import { openConnection, type Connection } from './helpers/raw-socket.ts';
import { startService } from './helpers/service.ts';

const limits = { headersTimeout: 1_000, requestTimeout: 2_000, idleTimeout: 2_000, checkInterval: 50 };
const service = await startService({ limits });
test.after.always(() => service.stop());
// The first answers take longer than all others.
test.before(() => fetch(`${service.url}/docs`));

const host = 'Host: localhost\r\n';
const health = `GET /health HTTP/1.1\r\n${host}\r\n`;
const post = `POST /api/auth/logout HTTP/1.1\r\n${host}Content-Type: application/json\r\n`;

/** Sends a little now and again, so that the connection is never idle, until the service closes it. */
async function drip({ socket, send }: Connection, text: string): Promise<void> {
  while (!socket.destroyed && socket.writable) {
    send(text);
    await sleep(20);
  }
}

for (const [words, start, more] of [
  ['stops in the middle of its headers', health.slice(0, -8), ''],
  ['brings one header after the other', health.slice(0, -2), 'X-A: b\r\n'],
] as const) {
  test(`a request that ${words} answers 408 after the time for headers`, async (t) => {
    const connection = openConnection(service.url);
    const began = performance.now();
    connection.send(start);
    const [answers] = await Promise.all([
      connection.closed(),
      more === '' ? undefined : drip(connection, more),
    ]);
    t.true(performance.now() - began >= limits.headersTimeout);
    t.is(answers.length, 1);
    for (const answer of answers) checkProblem(answer);
    t.like(answers[0], { status: 408, body: { code: 'REQUEST_TIMEOUT', instance: '' } });
    t.is(answers[0]?.headers.get('Connection'), 'close');
  });
}

test('connections beyond those that may be open are closed, and from half of them on each after its answer', async (t) => {
  const few = await startService({ limits: { mostConnections: 4 }, oneInstance: true });
  t.teardown(() => few.stop());
  const open = (text: string) => {
    const connection = openConnection(few.url);
    connection.send(text);
    return connection;
  };
  const ending = async (connection: Connection) =>
    (await connection.answers(1))[0]?.headers.get('Connection');
  const [first, second] = [open(health), open(health)];
  t.is(await ending(first), 'keep-alive');
  t.is(await ending(second), 'keep-alive');
  t.is(await ending(open(health)), 'close');

  const unfinished = [open('GET /'), open('GET /')];
  for (const { socket } of unfinished) await once(socket, 'connect');
  t.deepEqual(await open(health).closed(), []);
  const [dropped] = (await few.context.metrics.droppedConnections.get()).values;
  t.is(dropped?.value, 1);
  first.send(health);
  t.is((await first.answers(2))[1]?.status, 200);
});

test('a request whose body comes byte by byte answers 408 after the time for requests', async (t) => {
  const connection = openConnection(service.url);
  const began = performance.now();
  connection.send(`${post}X-Request-Id: slow-body\r\nContent-Length: 5000\r\n\r\n`);
  const [answers] = await Promise.all([connection.closed(), drip(connection, ' ')]);
  t.true(performance.now() - began >= limits.requestTimeout);
  t.is(answers.length, 1);
  for (const answer of answers) checkProblem(answer);
  t.like(answers[0], { status: 408, body: { code: 'REQUEST_TIMEOUT', request_id: 'slow-body' } });
});

for (const [words, start, status] of [
  ['is cut off', post, 408],
  ['behind an answer is cut off without another', `GET /health HTTP/1.1\r\n${host}`, 200],
] as const) {
  test(`a body without an end ${words}`, async (t) => {
    const connection = openConnection(service.url);
    connection.send(`${start}Transfer-Encoding: chunked\r\n\r\n`);
    const [answers] = await Promise.all([
      connection.closed(),
      drip(connection, `1000\r\n${' '.repeat(0x1000)}\r\n`),
    ]);
    t.deepEqual(
      answers.map((answer) => answer.status),
      [status],
    );
  });
}

/** A service that has nothing to it but its limits. */
async function startBare(app: Express, limits: Partial<ConnectionLimits>, lines: string[] = []) {
  const logger = pino({ level: 'trace' }, { write: (line) => lines.push(line) });
  const { server, port } = await listen(app, 0, { logger, metrics: createMetrics(), limits });
  const stop = () => {
    server.closeAllConnections();
    server.close();
  };
  return { server, url: `http://localhost:${port}`, stop };
}

test('a connection on which nothing is said is closed without a word', async (t) => {
  const lines: string[] = [];
  const { url, stop } = await startBare(express(), limits, lines);
  t.teardown(stop);
  const connection = openConnection(url);
  t.deepEqual(await connection.closed(), []);
  t.is(connection.received().length, 0);
  t.deepEqual(lines, []);
});

test('a connection may be idle between requests for longer than a request may take', async (t) => {
  const { url, stop } = await startBare(express(), {
    ...limits,
    headersTimeout: 3_000,
    requestTimeout: 3_000,
  });
  t.teardown(stop);
  const connection = openConnection(url);
  connection.send(health);
  t.is((await connection.answers(1))[0]?.status, 404);
  await sleep(4_000);
  connection.send(health);
  t.is((await connection.answers(2))[1]?.status, 404);
});

/** Asks for the docs so many times at once and reads what comes until nothing does, with pauses. */
async function readDocs(times: number, pauses: readonly number[]): Promise<number> {
  const { hostname, port } = new URL(service.url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  let bytes = 0;
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
  });
  socket.write(`GET /docs HTTP/1.1\r\n${host}\r\n`.repeat(times));
  for (const pause of pauses) {
    socket.pause();
    await sleep(pause);
    socket.resume();
    await sleep(20);
  }
  for (let before = -1; bytes > before;) {
    before = bytes;
    await sleep(500);
  }
  socket.destroy();
  return bytes / Buffer.byteLength(docsHtml);
}

// These two move much, which would keep the others waiting.
test.serial('a client that does not read its answers is cut off', async (t) => {
  const answers = await readDocs(50, [3 * limits.idleTimeout]);
  t.true(answers < 25, `${answers} answers were read`);
});

test.serial('a client that reads its answers slowly gets all of them', async (t) => {
  const pause = limits.idleTimeout / 2;
  t.true((await readDocs(20, [pause, pause, pause])) > 20);
});

test('requests sent all at once are answered one after the other', async (t) => {
  let most = 0;
  let underWay = 0;
  const app = express().get('/', async (_request, response) => {
    most = Math.max(most, ++underWay);
    await sleep(5);
    underWay -= 1;
    response.end('done');
  });
  const { url, stop } = await startBare(app, {});
  t.teardown(stop);
  const connection = openConnection(url);
  connection.send(`GET / HTTP/1.1\r\n${host}\r\n`.repeat(100));
  t.is((await connection.answers(100)).length, 100);
  t.is(most, 1);
});

test('without other limits, headers have 20 s, requests 60, and a connection waits longer for the next than proxies do', async (t) => {
  const app = express().get('/', (_request, response) => {
    response.end();
  });
  const { server, url, stop } = await startBare(app, {});
  t.teardown(stop);
  const { headersTimeout, requestTimeout, timeout, keepAliveTimeout } = server;
  t.deepEqual(
    { headersTimeout, requestTimeout, timeout, keepAliveTimeout },
    { headersTimeout: 20_000, requestTimeout: 60_000, timeout: 60_000, keepAliveTimeout: 65_000 },
  );
  const answer = await fetch(url);
  t.is(answer.headers.get('Keep-Alive'), 'timeout=65');
});
