import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import { createApp } from '../src/app.ts';
import { findCaller, leave } from './conformance/caller.ts';
import { reach } from './conformance/deployment.ts';
import { forward, type Forwarded } from './conformance/forward.ts';
import { walk, type Row } from './conformance/walk.ts';
import { operations } from './helpers/contract.ts';
import { damage, damages } from './helpers/damages.ts';
import { password } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { createSamples } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const samples = await createSamples(service);
const { user, ids } = await samples.addSample();
await service.call('assignRole', 200, {
  as: samples.admin,
  body: { target_user_id: ids['user_id'] ?? '', app_key: ids['app_key'] ?? '', role_key: 'viewer' },
});
const credentials = { TRIPOD_EMAIL: samples.admin.email, TRIPOD_PASSWORD: password };
const seen: Forwarded[] = [];
const broken = await forward(service.url, 0, (forwarded) => {
  seen.push(forwarded);
  return damage(forwarded);
});
test.after.always(async () => {
  broken.server.closeAllConnections();
  broken.server.close();
  await service.stop();
});

async function rowsOf(url: string, environment: Record<string, string>, origin?: string): Promise<Row[]> {
  const deployment = reach(url);
  const caller = await findCaller(deployment, environment);
  const rows: Row[] = [];
  for await (const row of walk(deployment, caller, origin)) rows.push(row);
  await leave(deployment, caller);
  return rows;
}

const program = 'test/conformance/run.ts';
const reads = [...operations.values()].filter(({ method }) => method === 'GET');

for (const [who, environment, outcome] of [
  ['nobody', {}, (role: unknown) => (role === 'public' ? ['200'] : ['401'])],
  [
    'somebody',
    { TRIPOD_TOKEN: user.access_token },
    (role: unknown) => (typeof role === 'string' ? ['200'] : ['200', '403']),
  ],
  ['a platform admin', credentials, () => ['200']],
] as const) {
  test.serial(`this service is found to be as its contract says, asked by ${who}`, async (t) => {
    const rows = await rowsOf(service.url, environment, 'http://localhost:5173');
    t.deepEqual(
      rows.filter(({ findings }) => findings.length > 0),
      [],
    );
    for (const { path, role } of reads) {
      const row = rows.find(({ what }) => what === `GET ${path}`);
      t.true(outcome(role).includes(row?.outcome ?? ''), `${path}: ${row?.outcome}`);
    }
    t.true(rows.every(({ requests }) => requests > 0 && requests < 40));
  });
}

test.serial('whatever is wrong is told of in its row', async (t) => {
  const rows = await rowsOf(broken.url, credentials);
  for (const { row, told } of damages) {
    const findings = rows.find(({ what }) => what === row)?.findings ?? [];
    t.true(
      findings.some((finding) => finding.startsWith(told)),
      `${row}: ${told} in ${findings.join('; ')}`,
    );
  }
  const damagedRows = new Set(damages.map(({ row }) => row));
  t.deepEqual(
    rows.filter(({ what, findings }) => findings.length > 0 && !damagedRows.has(what)),
    [],
  );
});

test.serial('nothing is written but a session, and that is ended again', async (t) => {
  await rowsOf(broken.url, credentials);
  const written = seen.filter(({ method }) => !['GET', 'HEAD', 'OPTIONS'].includes(method));
  t.deepEqual(
    [...new Set(written.map(({ method, path }) => `${method} ${path}`))],
    ['POST /api/auth/login', 'POST /api/auth/logout'],
  );
  const { body } = await service.call('listSessions', 200, { as: samples.admin });
  t.deepEqual(
    body.map(({ current }) => current),
    [true],
  );
});

test.serial('a deployment may be below a path', async (t) => {
  const app = await createApp(service.context, { corsOrigins: ['http://localhost:5173'], trustedProxies: 0 });
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/tripod/') !== true) return void response.writeHead(418).end();
    request.url = request.url.slice('/tripod'.length);
    app(request, response);
  }).listen(0);
  const { port } = server.address() as AddressInfo;
  const { code, stdout } = await runProgram(program, {}, [`http://localhost:${port}/tripod/`]);
  server.closeAllConnections();
  server.close();
  t.regex(stdout, /^http:\/\/localhost:\d+\/tripod, asked as nobody$/m);
  t.regex(stdout, /^GET \/api\/auth\/me +1 {2}401$/m);
  t.regex(stdout, / requests: all as the contract says\.\n$/);
  t.is(code, 0);
});

test.serial('what is wrong makes the command fail', async (t) => {
  const { code, stdout } = await runProgram(program, {}, [broken.url]);
  t.regex(
    stdout,
    /^GET \/health +3 {2}NOT as the contract says\n {4}lacks the header Strict-Transport-Security$/m,
  );
  t.regex(stdout, /: \d+ of them not as the contract says\.\n$/);
  t.is(code, 1);
});

for (const [what, environment, options, told] of [
  [
    'an address where nobody is',
    {},
    ['http://localhost:9'],
    /^http:\/\/localhost:9 does not answer GET \/health: .+\n$/,
  ],
  ['no address', {}, [], /^Please name the address of a deployment/],
  [
    'a wrong password',
    { ...credentials, TRIPOD_PASSWORD: 'another' },
    [service.url],
    /^TRIPOD_EMAIL and TRIPOD_PASSWORD got 401: Invalid credentials\n$/,
  ],
  [
    'half of the credentials',
    { TRIPOD_EMAIL: 'a@example.org' },
    [service.url],
    /^TRIPOD_EMAIL and TRIPOD_PASSWORD go together/,
  ],
] as const) {
  test.serial(`the command says in a line what to do about ${what}`, async (t) => {
    const { code, stderr } = await runProgram(program, environment, options);
    t.regex(stderr, told);
    t.is(code, 1);
  });
}
