import test from 'ava';
import { collectLog } from './helpers/collect-log.ts';
import { signUp, platformAdmin } from './helpers/people.ts';
import { openConnection } from './helpers/raw-socket.ts';
import { sendOdd, type OddRequest } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

/** As they leave the process, which is how whoever reads the log gets them. */
const { logTo, log } = collectLog();
const service = await startService({ logTo });
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

const forged = '{"severity":"INFO","message":"answered","user_id":"forged"}';
/** What ends a line, or moves the cursor, somewhere. */
const controls = [
  '\r\n',
  '\n',
  '\r',
  '\u001b[2J\u001b[1A',
  '\u0000',
  '\u0007',
  '\u0085',
  '\u2028',
  '\u2029',
  '\u009b',
];
const injections = controls.map((control) => `x${control}${forged}${control}`);

test.afterEach.always((t) => {
  const lines = log()
    .split('\n')
    .filter((line) => line.trim() !== '');
  t.true(lines.length > 0);
  for (const line of lines) {
    const entry = JSON.parse(line) as Record<string, unknown>;
    t.is(typeof entry['severity'], 'string', line);
    t.is(typeof entry['time'], 'string', line);
    t.is(typeof entry['message'], 'string', line);
    t.not(entry['user_id'], 'forged', line);
    t.notRegex(line, /[\p{Cc}\p{Zl}\p{Zp}]/u, line);
  }
});

function get(path: string, request: Partial<OddRequest> = {}) {
  return sendOdd(service.url, { method: 'GET', path, ...request });
}

test.serial('what a path or query says stays within its line', async (t) => {
  for (const text of injections) {
    const encoded = encodeURIComponent(text);
    for (const path of [
      `/${encoded}`,
      `/api/languages/${encoded}`,
      `/api/organizations/slug/${encoded}`,
      `/api/languages?q=${encoded}`,
      `/api/languages?${encoded}=1`,
    ])
      t.true((await get(path, { as: person })).status < 500, path);
  }
});

test.serial('what a header says stays within its line', async (t) => {
  // Node's own client refuses to send line ends; as single bytes they would be the next header, or refused.
  for (const text of injections.map((each) =>
    each.replaceAll(/[^\u0020-\u007e\u0080-\u00ff]/gu, '\u00e2\u0080\u00a8'),
  ))
    for (const name of [
      'x-request-id',
      'traceparent',
      'user-agent',
      'referer',
      'origin',
      'authorization',
      'x-forwarded-for',
    ]) {
      const connection = openConnection(service.url);
      connection.send(`GET /api/auth/me HTTP/1.1\r\nHost: localhost\r\n${name}: ${text}\r\n\r\n`);
      const [answer] = await connection.answers(1);
      t.is(answer?.status, 401);
      t.notRegex(answer?.headers.get('X-Request-Id') ?? '', /forged/);
      connection.socket.destroy();
    }
});

test.serial('what a body says stays within its line, also where it makes the service fail', async (t) => {
  const { database } = service.context;
  const before = log().length;
  await database.raw('alter table phases add constraint nobody_may check (length(name) < 10) not valid');
  await database.raw(
    'alter table audit_events add constraint nobody_may check (request_id is null) not valid',
  );
  for (const text of injections.filter((each) => !each.includes('\u0000'))) {
    const failing = await service.send({
      method: 'POST',
      path: '/api/phases',
      as: admin,
      body: JSON.stringify({ name: text, description: text }),
    });
    t.is(failing.status, 500);
    const refused = await service.send({
      method: 'POST',
      path: '/api/auth/login',
      body: JSON.stringify({ email: text, password: text, [text]: text }),
    });
    t.is(refused.status, 400);
  }
  t.regex(log().slice(before), /nobody_may/);
  t.false(log().slice(before).includes('forged'));
});

test.serial('what breaks HTTP stays within its line', async (t) => {
  for (const text of injections) {
    const connection = openConnection(service.url);
    connection.send(`${text}\r\n\r\n`);
    t.is((await connection.closed())[0]?.status, 400);
  }
});
