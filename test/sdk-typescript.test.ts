import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test from 'ava';
import { checkedFetch } from './helpers/client.ts';
import { document, operations } from './helpers/contract.ts';
import { installClient } from './helpers/packed-client.ts';
import { password } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const run = promisify(execFile);
const root = new URL('../', import.meta.url);
const { folder, tripod, remove } = await installClient();
const service = await startService();
const work = await createWork(service);
test.after.always(async () => {
  await service.stop();
  await remove();
});

function newClient() {
  return tripod.createTripodClient({ baseUrl: service.url, fetch: checkedFetch });
}

async function signedIn() {
  const client = newClient();
  const { user } = await tripod.dataOf(client.signUp({ email: `${randomUUID()}@example.org`, password }));
  return { client, user };
}

test('a client that cannot be built is answered with those that can', async (t) => {
  for (const options of [[], ['cobol'], ['typescript', 'more']]) {
    const { code, stderr } = await runProgram('scripts/sdk.ts', {}, options);
    t.is(code, 1);
    t.regex(stderr, /^Please name the client to build: npm run sdk -- typescript\b/);
  }
});

test('the package has the version of the contract, and brings all that it needs', async (t) => {
  const manifest = JSON.parse(
    await readFile(join(folder, 'node_modules/tripod-client/package.json'), 'utf8'),
  ) as Record<string, unknown>;
  const { info } = document as unknown as { info: { version: string } };
  t.like(manifest, { name: 'tripod-client', version: info.version, license: 'UNLICENSED', type: 'module' });
  t.deepEqual(Object.keys(manifest['dependencies'] as object), ['openapi-fetch']);
  t.deepEqual(manifest['bundleDependencies'], ['openapi-fetch']);
});

const compilers = {
  'for browsers': { module: 'ESNext', moduleResolution: 'bundler', lib: ['ES2022', 'DOM'], types: [] },
  'for Node': {
    module: 'NodeNext',
    lib: ['ES2022', 'DOM'],
    types: ['node'],
    exactOptionalPropertyTypes: true,
  },
};
for (const [where, options] of Object.entries(compilers)) {
  test(`a strict program ${where} compiles if it keeps to the contract, and the README does`, async (t) => {
    const readme = await readFile(join(folder, 'node_modules/tripod-client/README.md'), 'utf8');
    const blocks = [...readme.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block = '']) => block);
    t.is(blocks.length, 2);
    const files = ['client.ts', ...blocks.map((_, index) => `readme-${index}.ts`)];
    await copyFile(fileURLToPath(new URL('test/types/client.ts', root)), join(folder, 'client.ts'));
    for (const [index, block] of blocks.entries()) await writeFile(join(folder, `readme-${index}.ts`), block);
    const project = join(folder, `tsconfig.${options.module}.json`);
    const strict = { strict: true, target: 'ES2022', noEmit: true, skipLibCheck: true };
    const typeRoots = [fileURLToPath(new URL('node_modules/@types', root))];
    await writeFile(
      project,
      JSON.stringify({ compilerOptions: { ...strict, typeRoots, ...options }, files }),
    );
    const compiler = fileURLToPath(new URL('node_modules/typescript/bin/tsc', root));
    const { stdout } = await run(process.execPath, [compiler, '-p', project]).catch((error: unknown) => {
      return error as { stdout: string };
    });
    t.is(stdout, '');
  });
}

test('each request has the headers that the contract lets it have', async (t) => {
  const sent = new Map<string, Headers>();
  const tokens = { access_token: 'a', refresh_token: 'r', token_type: 'bearer', expires_in: 1_800 };
  const client = tripod.createTripodClient({
    baseUrl: service.url,
    deviceId: 'a-device',
    fetch: (request) => {
      sent.set(`${request.method} ${decodeURI(new URL(request.url).pathname)}`, request.headers);
      return Promise.resolve(Response.json({ tokens }));
    },
  });
  await client.logIn({ email: 'a@example.org', password });
  for (const { id, method, path, role, parameters, bodySchema } of operations.values()) {
    const body = bodySchema ? { body: {} as never } : {};
    await client[method as 'GET'](path as '/health', body);
    const headers = sent.get(`${method} ${path}`);
    const takes = (name: string) => parameters.some((parameter) => parameter.name === name);
    t.is(headers?.get('Authorization'), role === 'public' ? null : 'Bearer a', id);
    t.is(headers?.has('Idempotency-Key'), takes('Idempotency-Key'), id);
    t.is(headers?.get('Device-Id'), takes('Device-Id') ? 'a-device' : null, id);
  }
});

test('a person signs up, makes a project, changes it, and leaves', async (t) => {
  const { client, user } = await signedIn();
  t.deepEqual(await tripod.dataOf(client.GET('/api/auth/me')), user);
  const body = { name: 'Coast', language_id: work.language.id };
  const { data: project, response } = await client.POST('/api/projects', { body });
  t.is(response.status, 201);
  const params = { path: { project_id: project?.id ?? '' } };
  const seen = await client.GET('/api/projects/{project_id}', { params });
  const etag = seen.response.headers.get('ETag') ?? '';
  const header = { 'If-Match': etag };
  const change = { params: { ...params, header }, body: { name: 'Coasts' } };
  t.is((await tripod.dataOf(client.PATCH('/api/projects/{project_id}', change))).name, 'Coasts');
  t.is((await client.PATCH('/api/projects/{project_id}', change)).error?.code, 'PRECONDITION_FAILED');
  t.is((await client.DELETE('/api/projects/{project_id}', { params })).response.status, 204);
  await client.logOut();
  t.is((await client.GET('/api/auth/me')).response.status, 401);
});

test('a walk through pages finds each item once, in order', async (t) => {
  const { client } = await signedIn();
  for (const name of ['Bay', 'Delta', 'Cape', 'Atoll', 'Estuary'])
    await tripod.dataOf(client.POST('/api/projects', { body: { name, language_id: work.language.id } }));
  const pages: string[][] = [];
  const query = { limit: 2, language_id: work.language.id };
  for await (const page of client.pages('/api/projects', { params: { query } }))
    pages.push(page.map(({ name }) => name));
  t.deepEqual(pages, [['Atoll', 'Bay'], ['Cape', 'Delta'], ['Estuary']]);

  const path = { user_id: work.admin.id };
  const roles = client.pages('/api/users/{user_id}/roles', { params: { path } });
  await t.throwsAsync(async () => roles.next(), { instanceOf: tripod.TripodProblem });
  const whole: string[] = [];
  for await (const page of client.pages('/api/languages')) whole.push(...page.map(({ code }) => code));
  t.deepEqual(whole, ['qaa']);
});

test('an error is there to look at, or to catch', async (t) => {
  const { client } = await signedIn();
  const { error, data } = await client.POST('/api/projects', { body: { name: '', language_id: 'none' } });
  t.is(data, undefined);
  t.true(tripod.isProblem(error));
  t.is(error?.code, 'VALIDATION_ERROR');
  const params = { path: { project_id: randomUUID() } };
  const caught = await t.throwsAsync(tripod.dataOf(client.GET('/api/projects/{project_id}', { params })), {
    instanceOf: tripod.TripodProblem,
  });
  t.like(caught, { status: 403, code: 'FORBIDDEN', name: 'TripodProblem', errors: [] });
  t.is(caught.message, caught.detail);
  t.regex(caught.request_id ?? '', /^[\w-]+$/);

  const page = () => Promise.resolve(new Response('<h1>Bad gateway</h1>', { status: 500 }));
  const behindProxy = tripod.createTripodClient({ baseUrl: service.url, fetch: page });
  const other = await t.throwsAsync(tripod.dataOf(behindProxy.GET('/health')), {
    instanceOf: tripod.TripodProblem,
  });
  t.like(other, { status: 500, code: undefined });
  t.false(tripod.isProblem((await behindProxy.GET('/health')).error));
});

test('what others add to a client sees the requests as they leave, and no refused tokens', async (t) => {
  const { client } = await signedIn();
  service.passMinutes(31);
  const statuses: number[] = [];
  client.use({
    onRequest: ({ request }) => {
      request.headers.set('X-Request-Id', 'added-by-a-middleware');
    },
    onResponse: ({ response }) => {
      statuses.push(response.status);
      t.is(response.headers.get('X-Request-Id'), 'added-by-a-middleware');
    },
  });
  await tripod.dataOf(client.GET('/api/auth/me'));
  t.deepEqual(statuses, [200]);
});
