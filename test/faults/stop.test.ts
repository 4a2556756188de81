import { Agent } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import test from 'ava';
import { createTestDatabase } from '../helpers/databases.ts';
import { reportFault } from '../helpers/fault-report.ts';
import { startInstance, startWork } from '../helpers/instance-process.ts';
import { queryAt } from '../helpers/query.ts';
import { sendOdd } from '../helpers/raw-http.ts';
import { openConnection } from '../helpers/raw-socket.ts';
import { trials } from '../helpers/trials.ts';
import { until } from '../helpers/until.ts';

const { url: databaseUrl, drop } = await createTestDatabase();
test.after.always(drop);

const clients = trials({ short: 50, full: 200 });
/** In milliseconds, as Cloud Run gives it 10 s. */
const mostTime = 8_000;

for (const [habit, comesAgain] of [
  ['that go elsewhere when they are told to', false],
  ['that come again until they are refused', true],
] as const)
  test.serial(`clients ${habit} get an answer to all they send while the service stops`, async (t) => {
    const instance = await startInstance(t, databaseUrl);
    const { as, languageId } = await startWork(instance.url);
    const statuses: number[] = [];
    const unanswered: string[] = [];
    let unheard = 0;
    let underWay = 0;

    async function client(_: unknown, index: number): Promise<void> {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      let isNew = true;
      for (let count = 0; ; count += 1) {
        const request = (index + count) % 2 === 0 ? reading : writing(languageId);
        try {
          const { status, headers } = await sendOdd(instance.url, { ...request, as, agent });
          statuses.push(status);
          isNew = headers.get('Connection') === 'close';
          if (isNew && !comesAgain) break;
        } catch (error) {
          const { code = String(error) } = error as NodeJS.ErrnoException;
          if (code === 'ECONNRESET' && isNew) unheard += 1;
          else if (code !== 'ECONNREFUSED') unanswered.push(code);
          break;
        }
        if (count === 0) underWay += 1;
      }
      agent.destroy();
    }

    const all = Promise.all(Array.from({ length: clients }, client));
    await until('all clients are under way', () => underWay >= clients);
    const told = performance.now();
    t.is(await instance.stop('SIGTERM'), 0);
    t.true(performance.now() - told < mostTime);
    await all;
    t.deepEqual(unanswered, []);
    // The system resets a connection that it would have handed over just after the service has stopped to listen.
    t.true(unheard <= clients / 25, `${unheard} resets`);
    const [written] = await queryAt<{ count: number }>(
      databaseUrl,
      'select count(*)::integer as count from projects where language_id = $1',
      [languageId],
    );
    const acknowledged = statuses.filter((status) => status === 201).length;
    t.is(written?.count, acknowledged);
    const unavailable = statuses.filter((status) => status === 503).length;
    t.deepEqual(
      statuses.filter((status) => ![200, 201, 503].includes(status)),
      [],
    );
    reportFault({
      fault: `SIGTERM, clients ${habit}`,
      load: `${clients} clients, reads and writes`,
      ...{ requests: statuses.length, failed: unanswered.length, unavailable },
      lostWrites: acknowledged - (written?.count ?? 0),
    });
  });

const reading = { method: 'GET', path: '/api/auth/me' };

function writing(language_id: string) {
  return {
    ...{ method: 'POST', path: '/api/projects' },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'Project', language_id }),
  };
}

const head = 'Host: localhost\r\nX-Request-Id: odd\r\n';
const ready = `GET /health/ready HTTP/1.1\r\n${head}\r\n`;

test.serial(
  'odd connections neither delay the stop for long nor go without what they asked for',
  async (t) => {
    const instance = await startInstance(t, databaseUrl);
    const { as } = await startWork(instance.url);
    const resets: string[] = [];
    const open = (text: string) => {
      const connection = openConnection(instance.url);
      connection.socket.on('error', ({ message }) => resets.push(message));
      connection.send(text);
      return connection;
    };
    const [idle, late, silent] = [open(ready), open(ready), open('')];
    const halfSent = open(`GET /api/auth/me HTTP/1.1\r\n${head}`);
    const slowBody = open(
      `POST /api/phases HTTP/1.1\r\n${head}Authorization: Bearer ${as.access_token}\r\n` +
        'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{',
    );
    t.is((await idle.answers(1))[0]?.status, 200);
    t.is((await late.answers(1))[0]?.status, 200);

    const told = performance.now();
    const stopped = instance.stop('SIGTERM');
    await wait(300);
    // On a connection that was open, and on a new one.
    late.send(ready);
    halfSent.send('\r\n');
    const fresh = open(ready);
    for (const connection of [late, fresh, halfSent]) {
      const answers = await connection.closed();
      const answer = answers.at(-1);
      t.is(answer?.headers.get('Connection'), 'close');
      t.is(answer?.status, connection === halfSent ? 401 : 503);
    }
    t.like((await late.closed()).at(-1)?.body, { status: 'unavailable', checks: { database: 'ok' } });
    await Promise.all([idle.closed(), silent.closed()]);
    const [unfinished] = await slowBody.closed();
    t.like(unfinished?.body, { code: 'UNAVAILABLE' });
    t.is(unfinished?.headers.get('Retry-After'), '1');
    t.is(await stopped, 0);
    t.true(performance.now() - told < mostTime);
    t.deepEqual(resets, []);
  },
);
