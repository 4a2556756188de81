import { METHODS } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import test from 'ava';
import { hashPassword } from '../src/core/passwords.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { guess, statusesOf, tryToLogIn } from './helpers/guesses.ts';
import { readMetrics, samplesOf, startMetrics, type Samples } from './helpers/metrics.ts';
import { platformAdmin, signUp } from './helpers/people.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { openConnection } from './helpers/raw-socket.ts';
import { failServerProcess, startServerProcess } from './helpers/server-process.ts';
import { startService, testSecret } from './helpers/service.ts';

/** Each instance counts what it does itself. */
const alone = { oneInstance: true };

test.serial(
  'requests are counted and timed by operation and status, and refusals by what refuses',
  async (t) => {
    const service = await startService(alone);
    t.teardown(() => service.stop());
    const read = await startMetrics(t, service);
    const person = await signUp(service);
    await service.call('logOut', 204, { body: { refresh_token: person.refresh_token } });
    const other = await signUp(service);
    for (let times = 0; times < 3; times += 1) await service.call('getMe', 200, { as: other });
    for (const as of [undefined, person, { access_token: 'none' }, { access_token: 'none' }])
      await service.send({ method: 'GET', path: '/api/auth/me', as });
    await service.call('listUsers', 403, { as: other });
    await service.call('getLanguage', 400, { as: other, path: { language_id: 'no-id' } });
    await service.send({ method: 'GET', path: '/api/nothing' });
    await service.send({ method: 'DELETE', path: '/health' });

    const samples = await read();
    t.deepEqual(samplesOf(samples, 'http_request_duration_seconds_count'), {
      'operation="signUp",status="201"': 2,
      'operation="logOut",status="204"': 1,
      'operation="getMe",status="200"': 3,
      'operation="getMe",status="401"': 4,
      'operation="listUsers",status="403"': 1,
      'operation="getLanguage",status="400"': 1,
      'operation="none",status="404"': 1,
      'operation="none",status="405"': 1,
    });
    t.deepEqual(samplesOf(samples, 'http_refusals_total'), {
      'operation="getMe",status="401",rule="no_token"': 1,
      'operation="getMe",status="401",rule="ended_session"': 1,
      'operation="getMe",status="401",rule="invalid_token"': 2,
      'operation="listUsers",status="403",rule="platform:admin"': 1,
    });
    t.is(samples.get('http_request_duration_seconds_bucket{le="+Inf",operation="getMe",status="200"}'), 3);
    // Hashing a password takes some time on any machine, and no test waits a minute for it.
    const signingUp = samples.get('http_request_duration_seconds_sum{operation="signUp",status="201"}') ?? 0;
    t.true(signingUp > 0.005 && signingUp < 60, String(signingUp));
    t.is(samples.get('http_requests_in_flight'), 0);
  },
);

test.serial('sign-ins are counted by outcome, and those that a limit stops as its refusals', async (t) => {
  const service = await startService({ ...alone, clockStands: true });
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  t.is((await read()).get('sign_ins_total{outcome="wrong_credentials"}'), 0);
  const [admin, person, leaver] = [
    await platformAdmin(service),
    await signUp(service),
    await signUp(service),
  ];
  const device = { address: '198.51.100.7' };
  await tryToLogIn(service, person.email, device);
  t.deepEqual(await statusesOf(6, () => guess(service, person.email, { address: '203.0.113.9' })), [
    ...[401, 401, 401, 401, 401],
    429,
  ]);
  await guess(service, 'nobody@example.org', device);
  await service.call('updateUser', 200, {
    as: admin,
    path: { user_id: leaver.id },
    body: { is_active: false },
  });
  await tryToLogIn(service, leaver.email, device);
  await guess(service, leaver.email, device);

  const samples = await read();
  t.deepEqual(samplesOf(samples, 'sign_ins_total'), {
    'outcome="succeeded"': 1,
    'outcome="wrong_credentials"': 7,
    'outcome="deactivated"': 1,
  });
  t.deepEqual(samplesOf(samples, 'http_refusals_total'), {
    'operation="logIn",status="401",rule="UNAUTHORIZED"': 7,
    'operation="logIn",status="403",rule="FORBIDDEN"': 1,
    'operation="logIn",status="429",rule="account"': 1,
  });
});

test.serial('a refresh token that comes again is told apart from one that nobody knows', async (t) => {
  const service = await startService(alone);
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const { refresh_token } = await signUp(service);
  await service.call('refreshTokens', 200, { body: { refresh_token } });
  service.passMinutes(2);
  await service.call('refreshTokens', 401, { body: { refresh_token } });
  await service.call('refreshTokens', 401, { body: { refresh_token: 'none' } });
  t.deepEqual(samplesOf(await read(), 'http_refusals_total'), {
    'operation="refreshTokens",status="401",rule="used_token"': 1,
    'operation="refreshTokens",status="401",rule="UNAUTHORIZED"': 1,
  });
});

test.serial('repeated requests and mails are counted', async (t) => {
  const service = await startService(alone);
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const person = await signUp(service);
  const { body: app } = await service.call('listMyApps', 200, { as: await platformAdmin(service) });
  const request = {
    as: person,
    headers: { 'Idempotency-Key': 'one' },
    body: { app_key: app[0]?.app_key ?? '' },
  };
  for (let times = 0; times < 3; times += 1) await service.call('createAccessRequest', 201, request);
  await service.call('requestPasswordReset', 202, { body: { email: person.email } });
  await service.call('requestPasswordReset', 202, { body: { email: 'nobody@example.org' } });
  await service.context.outbox.deliver();
  const samples = await read();
  t.is(samples.get('idempotency_replays_total'), 2);
  t.deepEqual(samplesOf(samples, 'mails_total'), { 'outcome="queued"': 2, 'outcome="done"': 2 });
});

test.serial('mails that cannot be sent are counted each time, until they are given up', async (t) => {
  const smtpUrl = 'smtp://127.0.0.1:1';
  const service = await startService({ ...alone, mail: { smtpUrl, longestDelay: 3_600_000 } });
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const { email } = await signUp(service);
  await service.call('requestPasswordReset', 202, { body: { email } });
  await service.context.outbox.deliver();
  service.passMinutes(61);
  await service.context.outbox.deliver();
  t.deepEqual(samplesOf(await read(), 'mails_total'), {
    'outcome="queued"': 1,
    'outcome="put_off"': 1,
    'outcome="given_up"': 1,
  });
});

test.serial('a database that fails is counted by how it does', async (t) => {
  const service = await startService(alone);
  const lost = await startService({ ...alone, databaseUrl: 'postgresql://127.0.0.1:1/nothing' });
  t.teardown(() => Promise.all([service.stop(), lost.stop()]));
  const read = await startMetrics(t, service);
  const readLost = await startMetrics(t, lost);
  const person = await signUp(service);
  await service.context.database.raw('alter table languages rename to tongues');
  await service.call('listLanguages', 500, { as: person });
  await lost.call('getMe', 503, { as: person });
  t.deepEqual(samplesOf(await read(), 'database_errors_total'), { 'code="42P01"': 1 });
  t.deepEqual(samplesOf(await readLost(), 'database_errors_total'), { 'code="ECONNREFUSED"': 1 });
});

test.serial('the pool is seen: connections that are used, and queries that wait for one', async (t) => {
  const service = await startService(alone);
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const { database } = service.context;
  const max = (await read()).get('database_connections_max') ?? 0;
  const holders = await Promise.all(Array.from({ length: max }, () => database.transaction()));
  const waiting = Array.from({ length: 3 }, () => database.raw('select 1'));
  await Promise.race([Promise.all(waiting), sleep(50)]);
  const samples = await read();
  for (const holder of holders) await holder.rollback();
  await Promise.all(waiting);
  t.is(samples.get('database_connections{state="used"}'), max);
  t.is(samples.get('database_connection_waiters'), 3);
  t.is((await read()).get('database_connections{state="used"}'), 0);
});

test.serial('passwords that wait are seen, and how the process is', async (t) => {
  const service = await startService(alone);
  t.teardown(() => service.stop());
  const read = await startMetrics(t, service);
  const hashes = Array.from({ length: 12 }, () => hashPassword('one of many'));
  const reading = read();
  await Promise.all(hashes);
  const samples = await reading;
  const { 'state="running"': running = 0, 'state="waiting"': waiting = 0 } = samplesOf(
    samples,
    'passwords_hashing',
  );
  t.true(running > 0 && running <= 4 && waiting <= 12, `${running} ${waiting}`);
  for (const metric of [
    'nodejs_eventloop_lag_p99_seconds',
    'process_resident_memory_bytes',
    'process_cpu_seconds_total',
  ])
    t.true((samples.get(metric) ?? -1) >= 0, metric);
});

test.serial('whatever is asked for, there are no more metrics than before', async (t) => {
  const service = await startService(alone);
  t.teardown(() => service.stop());
  const person = await signUp(service);
  const read = await startMetrics(t, service);
  async function askFor(names: readonly string[]): Promise<void> {
    const { socket, send, answers } = openConnection(service.url);
    const asked = names.flatMap((name) => [
      `GET /${name} HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET /api/languages/code/${name}?${name}=1 HTTP/1.1\r\nHost: x\r\n\r\n`,
      `GET /api/users/${name} HTTP/1.1\r\nHost: x\r\nUser-Agent: ${name}\r\nAuthorization: Bearer ${person.access_token}\r\n\r\n`,
    ]);
    send(asked.join(''));
    await answers(asked.length);
    socket.destroy();
  }
  const methods = METHODS.filter((method) => !['CONNECT', 'HEAD'].includes(method));
  const askBy = (method: string) => sendOdd(service.url, { method, path: '/api/languages' });
  await askFor(['first']);
  for (const method of ['PUT', 'OPTIONS', 'POST', 'GET']) await askBy(method);
  const ours = (samples: Samples) => [...samples.keys()].filter((name) => name.startsWith('http_'));
  const names = ours(await read());
  for (let batch = 0; batch < 20; batch += 1)
    await askFor(Array.from({ length: 20 }, (_, index) => `name-${batch}-${index}`));
  await Promise.all(methods.map(askBy));
  const samples = await read();
  t.true(names.length > 50);
  t.deepEqual(ours(samples), names);
  t.is(samples.get('http_request_duration_seconds_count{operation="none",status="404"}'), 401);
});

test.serial('metrics are at one path of a port of their own, for this machine alone', async (t) => {
  const { url: DATABASE_URL, drop } = await createTestDatabase();
  const settings = { DATABASE_URL, JWT_SECRET_KEY: testSecret, LOG_LEVEL: 'info' };
  const server = await startServerProcess({ ...settings, METRICS_PORT: '0' });
  t.teardown(() => server.stop('SIGKILL'));
  const port = Number(await server.said(/"metrics_port":(\d+)/));
  t.true((await readMetrics(port)).has('http_requests_in_flight'));
  for (const [path, method, status] of [
    ['/', 'GET', 404],
    ['/health', 'GET', 404],
    ['/metrics/', 'GET', 404],
    ['/api/auth/me', 'GET', 404],
    ['/metrics', 'POST', 405],
  ] as const)
    t.is((await fetch(`http://127.0.0.1:${port}${path}`, { method })).status, status, `${method} ${path}`);
  t.is((await fetch(`${server.url}/metrics`)).status, 404);
  await t.throwsAsync(fetch(`http://[::1]:${port}/metrics`));

  const { code, output } = await failServerProcess({ ...settings, METRICS_PORT: String(port) });
  t.is(code, 1);
  t.regex(output, /^METRICS_PORT \d+ is taken[^\n]*\n$/);
  t.is(await server.stop('SIGTERM'), 0);
  await t.throwsAsync(readMetrics(port));
  await drop();
});
