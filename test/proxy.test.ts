import { fileURLToPath } from 'node:url';
import test from 'ava';
import { reach } from './conformance/deployment.ts';
import { forward } from './conformance/forward.ts';
import { damage } from './helpers/damages.ts';
import { password, platformAdmin } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { startServerProcess } from './helpers/server-process.ts';
import { startService } from './helpers/service.ts';

const program = fileURLToPath(new URL('conformance/proxy.ts', import.meta.url));
const service = await startService();
const admin = await platformAdmin(service);
const broken = await forward(service.url, 0, damage);
const proxy = await startServerProcess({}, [`--import=${import.meta.resolve('tsx')}`, program, broken.url]);
const { ask } = reach(proxy.url);
test.after.always(async () => {
  await proxy.stop();
  broken.server.closeAllConnections();
  broken.server.close();
  await service.stop();
});

/** What it tells of a request, whose line is the last with that beginning. */
function told(beginning: string): string {
  const [, after = ''] = proxy
    .output()
    .split(new RegExp(`^(?=${beginning})`, 'm'))
    .slice(-2);
  return after;
}

test.serial('what is as the contract says goes through in a line', async (t) => {
  const body = { email: admin.email, password };
  const signedIn = await ask({ method: 'POST', path: '/api/auth/login', body });
  t.is(signedIn.status, 200);
  t.is((await ask({ path: '/api/users?limit=2', as: admin })).status, 200);
  t.is((await ask({ path: '/api/projects/none', as: admin })).status, 400);
  t.true(told('POST /api/auth/login').startsWith('POST /api/auth/login 200\nGET /api/users 200\n'));
  t.true(told('GET /api/projects').startsWith('GET /api/projects/none 400\n'));
  t.false(proxy.output().includes(admin.email));
});

test.serial('what is not is told of', async (t) => {
  t.is((await ask({ path: '/health' })).status, 200);
  t.is(told('GET /health'), 'GET /health 200\n    answer: lacks the header Strict-Transport-Security\n');
  await ask({ path: '/api/auth/me', as: admin });
  t.is(
    told('GET /api/auth/me'),
    'GET /api/auth/me 200\n    answer: body must NOT have additional properties\n',
  );
});

test.serial('a deployment that takes what the contract forbids is told of', async (t) => {
  await ask({ path: '/api/users?no_such_parameter=1', as: admin });
  t.regex(
    told('GET /api/users'),
    /^GET \/api\/users 200\n {4}request: query must NOT have additional properties\n/,
  );
});

test.serial('an answer that does not come is told of', async (t) => {
  const nowhere = await startServerProcess({}, [
    `--import=${import.meta.resolve('tsx')}`,
    program,
    'http://localhost:1',
  ]);
  const { status, body } = await reach(nowhere.url).ask({ path: '/health' });
  t.is(status, 502);
  t.regex(String(body), /^http:\/\/localhost:1 does not answer: connect ECONNREFUSED/);
  await nowhere.stop();
});

test.serial('it says what it needs', async (t) => {
  const { code, stderr } = await runProgram('test/conformance/proxy.ts', {}, ['not an address']);
  t.regex(stderr, /^Please name the address of a deployment/);
  t.is(code, 1);
});
