import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import test from 'ava';
import { readSettings } from '../src/core/settings.ts';
import { createClient } from './helpers/client.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { password } from './helpers/people.ts';
import { startServerProcess } from './helpers/server-process.ts';
import { testSecret } from './helpers/service.ts';
import { startTraceCollector } from './helpers/trace-collector.ts';
import { preparedStatements } from './helpers/through-pooler.ts';

/** A process of its own: what traces is loaded once, for all of it. */
async function startTraced(endpoint: string, settings: Record<string, string> = {}) {
  const { url: DATABASE_URL, drop } = await createTestDatabase();
  const { url, output, stop } = await startServerProcess({
    ...{ DATABASE_URL, JWT_SECRET_KEY: testSecret, LOG_LEVEL: 'info' },
    ...{ OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_BSP_SCHEDULE_DELAY: '50' },
    ...settings,
  });
  const end = async () => {
    const code = await stop('SIGTERM');
    await drop();
    return code;
  };
  return { ...createClient(url), output, end };
}

const collector = await startTraceCollector();
const service = await startTraced(collector.url, { OTEL_SERVICE_NAME: 'another-name' });
const email = 'traced.person@example.org';
const query = 'words-to-look-for';
const signingUp = { headers: { 'X-Request-Id': 'signing-up' }, body: { email, password } };
const { body: signedIn } = await service.call('signUp', 201, signingUp);
const { user, tokens } = signedIn;
const traceId = '0af7651916cd43dd8448eb211c80319c';
const parentId = 'b7ad6b7169203331';
test.after.always(async () => {
  await service.end();
  collector.stop();
});

test('a request is a span in the trace that it was sent in, with a span for each query', async (t) => {
  const headers = { traceparent: `00-${traceId}-${parentId}-01`, 'X-Request-Id': 'traced' };
  await service.call('listLanguages', 200, { as: tokens, headers, query: { q: query } });
  const [root, ...queries] = await collector.trace('traced');
  // A connection that was idle may be tried before, and asks for nothing.
  const children = queries.filter(({ attributes }) => String(attributes['db.query.text']).includes('$1'));
  t.like(root, { name: 'listLanguages', traceId, parentSpanId: parentId, kind: 2, status: { code: 0 } });
  t.deepEqual(root.attributes, {
    'http.request.method': 'GET',
    'http.route': '/api/languages',
    'http.response.status_code': 200,
    'url.scheme': 'http',
    'url.path': '/api/languages',
    'user.id': user.id,
    'tripod.request_id': 'traced',
  });
  t.deepEqual(
    children.map(({ name, kind }) => [name, kind]),
    [
      [preparedStatements ? 'access:listLanguages' : 'SELECT', 3],
      ['SELECT', 3],
    ],
  );
  for (const child of children) {
    t.is(child.traceId, traceId);
    t.like(child.attributes, { 'db.system.name': 'postgresql', 'db.operation.name': 'SELECT' });
    t.regex(String(child.attributes['db.query.text']), /^select .*\$1/s);
  }
  t.is(root.resource['service.name'], 'another-name');
  t.deepEqual([...collector.paths], ['/v1/traces']);
});

test('a request that nobody else traces starts a trace, which also has what comes after its body', async (t) => {
  const [root, ...children] = await collector.trace('signing-up');
  t.like(root, { name: 'signUp', parentSpanId: undefined });
  const names = children.map(({ name }) => name);
  t.true(names.includes('INSERT') && names.filter((name) => name === 'BEGIN').length === 1, names.join());
});

test('the log names the span of a request', async (t) => {
  const [root] = await collector.trace('signing-up');
  const line = service
    .output()
    .split('\n')
    .find((each) => each.includes('"request_id":"signing-up"'));
  t.like(JSON.parse(line ?? ''), {
    'logging.googleapis.com/trace': root.traceId,
    'logging.googleapis.com/spanId': root.spanId,
    'logging.googleapis.com/trace_sampled': true,
  });
});

test('what the client does not have traced is not traced', async (t) => {
  const unsampled = 'f'.repeat(32);
  await service.call('getReadiness', 200, { headers: { traceparent: `00-${unsampled}-${parentId}-00` } });
  await service.call('getHealth', 200, { headers: { 'X-Request-Id': 'afterwards' } });
  await collector.trace('afterwards');
  t.false(collector.text().includes(unsampled));
  t.regex(service.output(), new RegExp(`${unsampled}.*"logging.googleapis.com/trace_sampled":false`));
});

test('traces hold neither secrets, nor what was bound to a query, nor who is meant, nor where they are', async (t) => {
  const { access_token, refresh_token } = tokens;
  const name = 'Somebody Quite Rare';
  await service.call('updateMe', 200, { as: tokens, body: { display_name: name } });
  await service.call('listLanguages', 200, { as: tokens, query: { q: query } });
  await service.call('logIn', 401, { body: { email, password: 'not this one' } });
  await service.send({ method: 'GET', path: `/api/${access_token}/${email}`, as: tokens });
  const headers = { 'X-Request-Id': 'last' };
  const { body: next } = await service.call('refreshTokens', 200, { headers, body: { refresh_token } });
  await collector.trace('last');
  const own = [email, name, query, password, 'not this one'];
  const secrets = [access_token, refresh_token, next.access_token, next.refresh_token, testSecret];
  t.regex(collector.text(), /update .{1,4}users.{1,4} set/);
  for (const secret of [...own, ...secrets, '127.0.0.1', '::1'])
    t.false(collector.text().includes(secret), secret);
});

test('spans that are left are sent before the service ends', async (t) => {
  const patient = await startTraceCollector();
  t.teardown(patient.stop);
  const ending = await startTraced(patient.url, { OTEL_BSP_SCHEDULE_DELAY: '60000' });
  await ending.call('getHealth', 200);
  t.deepEqual(patient.spans(), []);
  t.is(await ending.end(), 0);
  t.deepEqual(
    patient.spans().map(({ name, resource }) => [name, resource['service.name']]),
    [['getHealth', 'tripod-api']],
  );
});

for (const kind of ['is away', 'says nothing'] as const) {
  test(`a collector that ${kind} holds up neither requests nor the end`, async (t) => {
    const silent = createServer(() => undefined);
    await once(silent.listen(0, '127.0.0.1'), 'listening');
    t.teardown(() => silent.close());
    const port = kind === 'is away' ? 1 : (silent.address() as AddressInfo).port;
    const settings = { OTEL_EXPORTER_OTLP_TIMEOUT: '1000' };
    const traced = await startTraced(`http://127.0.0.1:${port}`, settings);
    const { body } = await traced.call('signUp', 201, { body: { email, password } });
    for (let times = 0; times < 20; times += 1) await traced.call('getMe', 200, { as: body.tokens });
    const start = Date.now();
    t.is(await traced.end(), 0);
    t.true(Date.now() - start < 6_000);
    t.regex(traced.output(), /"severity":"WARNING".*tracing: /);
  });
}

test('an address that traces cannot be sent to stops the start', (t) => {
  const environment = { OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318' };
  t.throws(() => readSettings(environment), { message: /^OTEL_EXPORTER_OTLP_ENDPOINT must be an address/ });
});
