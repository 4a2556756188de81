import test from 'ava';
import { collectLog, type LogEntry } from './helpers/collect-log.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { lockWaiter } from './helpers/lock-waits.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { openConnection } from './helpers/raw-socket.ts';
import { startServerProcess } from './helpers/server-process.ts';
import { startService, testSecret } from './helpers/service.ts';
import { until } from './helpers/until.ts';

const { logTo, log, entriesOf } = collectLog();
const service = await startService({ logTo });
const [admin, person] = await Promise.all([platformAdmin(service), signUp(service)]);
test.after.always(() => service.stop());

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

function get(path: string, headers: Record<string, string>, as = person) {
  return service.send({ method: 'GET', path, as, headers });
}

/** Of a request that leaves one line. */
async function entryOf(requestId: string): Promise<LogEntry> {
  const [entry = {}] = await entriesOf(requestId);
  return entry;
}

test('an answered request is one line in the shape of Cloud Logging', async (t) => {
  const headers = { 'X-Request-Id': 'good', Traceparent: `00-${traceId}-${spanId}-01` };
  const { status } = await get(`/api/users/${person.id}`, headers);
  t.is(status, 200);
  const [entry = {}, ...others] = await entriesOf('good');
  t.deepEqual(others, []);
  const { time, httpRequest, ...rest } = entry;
  t.regex(String(time), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  const { latency, responseSize, ...facts } = httpRequest as Record<string, string>;
  t.regex(latency ?? '', /^\d+\.\d{6}s$/);
  t.true(Number(responseSize) > 500, responseSize);
  t.deepEqual(facts as unknown, { requestMethod: 'GET', requestUrl: `/api/users/${person.id}`, status: 200 });
  t.deepEqual(rest, {
    severity: 'INFO',
    request_id: 'good',
    user_id: person.id,
    operation: 'getUser',
    route: '/api/users/{user_id}',
    'logging.googleapis.com/trace': traceId,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': true,
    message: 'answered',
  });
});

test('a line tells neither where somebody is nor what they use', async (t) => {
  const headers = { 'X-Request-Id': 'private', 'X-Forwarded-For': '203.0.113.77', 'User-Agent': 'Rare/1.0' };
  await get('/api/languages?q=rare-words', headers);
  t.like(await entryOf('private'), {
    operation: 'listLanguages',
    httpRequest: { requestUrl: '/api/languages' },
  });
  for (const detail of ['203.0.113.77', 'Rare/1.0', 'rare-words']) t.false(log().includes(detail), detail);
});

for (const [words, header, logged] of [
  ['not sampled', `00-${traceId}-${spanId}-00`, { trace: traceId, sampled: false }],
  ['of a later version', `01-${traceId}-${spanId}-03-more`, { trace: traceId, sampled: true }],
  ['that is missing', undefined, undefined],
  ['of the version that there never will be', `ff-${traceId}-${spanId}-01`, undefined],
  ['of nobody', `00-${'0'.repeat(32)}-${spanId}-01`, undefined],
  ['without a span', `00-${traceId}-${'0'.repeat(16)}-01`, undefined],
  ['in capitals', `00-${traceId.toUpperCase()}-${spanId}-01`, undefined],
  ['that is too short', `00-${traceId.slice(1)}-${spanId}-01`, undefined],
  ['with more than its version has', `00-${traceId}-${spanId}-01-more`, undefined],
  ['with words behind it', `00-${traceId}-${spanId}-01 more`, undefined],
] as const) {
  test(`a traceparent ${words} is logged for what it is`, async (t) => {
    const id = words.replaceAll(' ', '-');
    await get('/health', { 'X-Request-Id': id, ...(header === undefined ? {} : { traceparent: header }) });
    const entry = await entryOf(id);
    t.deepEqual(
      {
        trace: entry['logging.googleapis.com/trace'],
        sampled: entry['logging.googleapis.com/trace_sampled'],
      } as unknown,
      { trace: logged?.trace, sampled: logged?.sampled },
    );
  });
}

for (const [path, as, expected] of [
  ['/api/auth/me', undefined, { operation: 'getMe', code: 'UNAUTHORIZED', rule: 'no_token' }],
  [
    '/api/users',
    person,
    { operation: 'listUsers', code: 'FORBIDDEN', rule: 'platform:admin', user_id: person.id },
  ],
  ['/api/users/no-id', admin, { operation: 'getUser', code: 'VALIDATION_ERROR', user_id: admin.id }],
  ['/api/nothing', person, { code: 'NOT_FOUND', operation: undefined, user_id: undefined }],
] as const) {
  test(`GET ${path} as ${as ? 'somebody' : 'nobody'} leaves a line that says why it is refused`, async (t) => {
    const headers = { 'X-Request-Id': `refused-${path}` };
    await service.send({ method: 'GET', path, as, headers });
    t.like(await entryOf(headers['X-Request-Id']), { severity: 'INFO', message: 'answered', ...expected });
  });
}

test('what may be a token or an address in a path is not logged', async (t) => {
  const headers = { 'X-Request-Id': 'secret-path' };
  await get(`/api/reset/${person.access_token}/${person.email}/ok-1?token=${person.refresh_token}`, headers);
  t.like(await entryOf('secret-path'), { httpRequest: { requestUrl: '/api/reset/*/*/ok-1', status: 404 } });
  await get(`/${'x/'.repeat(5_000)}`, { 'X-Request-Id': 'long-path' });
  t.true(JSON.stringify(await entryOf('long-path')).length < 600);
});

test('what nobody foresaw leaves its stack for Error Reporting, and nothing that was bound to a query', async (t) => {
  const own = collectLog();
  const broken = await startService({ logTo: own.logTo });
  t.teardown(() => broken.stop());
  const boss = await platformAdmin(broken);
  await broken.context.database.raw('alter table phases add constraint nobody_may check (false) not valid');
  const body = { name: 'a name to be kept', description: null };
  const { headers } = await broken.call('createPhase', 500, { as: boss, body });
  const [error = {}, line] = await own.entriesOf(headers.get('X-Request-Id') ?? '', 2);
  t.like(error, {
    severity: 'ERROR',
    '@type': 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent',
    user_id: boss.id,
    operation: 'createPhase',
    error: { name: 'error', code: '23514' },
  });
  t.regex(String(error['stack_trace']), /nobody_may[^]+\n +at .+createPhase/);
  t.like(line, { severity: 'WARNING', message: 'answered', httpRequest: { status: 500 } });
  t.false(own.log().includes(body.name));
});

test('a database that is away is a warning with its reason, and no error of ours', async (t) => {
  const own = collectLog();
  const lost = await startService({ logTo: own.logTo, databaseUrl: 'postgresql://127.0.0.1:1/nothing' });
  t.teardown(() => lost.stop());
  const answer = await lost.send({ method: 'GET', path: '/api/auth/me', as: person });
  t.is(answer.status, 503);
  const [reason = {}, line] = await own.entriesOf(answer.headers.get('X-Request-Id') ?? '', 2);
  t.like(reason, { severity: 'WARNING', operation: 'getMe', error: { code: 'ECONNREFUSED' } });
  t.false('stack_trace' in reason || '@type' in reason);
  t.like(line, { severity: 'WARNING', code: 'UNAVAILABLE', httpRequest: { status: 503 } });
});

test('a client that goes away before it is answered leaves a line without a status', async (t) => {
  const { database } = service.context;
  const holder = await database.transaction();
  await holder.raw('lock table phases in access exclusive mode');
  const { socket, send } = openConnection(service.url);
  send(
    `GET /api/phases HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: gone\r\nAuthorization: Bearer ${person.access_token}\r\n\r\n`,
  );
  await until('the list waits', () => lockWaiter(database));
  socket.destroy();
  const entry = await entryOf('gone');
  await holder.rollback();
  t.like(entry, { severity: 'INFO', message: 'cut off', operation: 'listPhases' });
  t.false('status' in (entry['httpRequest'] as object));
});

test('start and stop are logged, and traces by the name of their project', async (t) => {
  const { url: DATABASE_URL, drop } = await createTestDatabase();
  const server = await startServerProcess({
    ...{ DATABASE_URL, JWT_SECRET_KEY: testSecret },
    ...{ LOG_LEVEL: 'info', GOOGLE_CLOUD_PROJECT: 'a-project' },
  });
  await fetch(`${server.url}/health`, { headers: { traceparent: `00-${traceId}-${spanId}-00` } });
  t.is(await server.stop('SIGTERM'), 0);
  await drop();
  const lines = server
    .output()
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as LogEntry);
  t.deepEqual(
    lines.map(({ message }) => message),
    ['started', 'answered', 'stopping', 'stopped'],
  );
  t.like(lines[0], { severity: 'INFO', port: Number(new URL(server.url).port) });
  t.is(lines[1]?.['logging.googleapis.com/trace'], `projects/a-project/traces/${traceId}`);
  t.like(lines[2], { severity: 'INFO', signal: 'SIGTERM' });
});
