import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { checkedFetch } from './helpers/client.ts';
import { startLine } from './helpers/line.ts';
import { installClient } from './helpers/packed-client.ts';
import { password } from './helpers/people.ts';
import { startService } from './helpers/service.ts';
import { createWork } from './helpers/work.ts';

const { tripod, remove } = await installClient();
const service = await startService();
const away = await startService({ databaseUrl: 'postgresql://127.0.0.1:9/none' });
const work = await createWork(service);
test.after.always(async () => {
  await service.stop();
  await away.stop();
  await remove();
});

const email = () => `${randomUUID()}@example.org`;

/**
 * Somebody who is signed in, over a connection that can fail.
 * @param fetch the checked one reads answers to their end, which hides what breaks there
 */
async function openLine(t: ExecutionContext, fetch = checkedFetch) {
  const line = await startLine(t, service.url);
  const sent: Request[] = [];
  const client = tripod.createTripodClient({
    baseUrl: line.url,
    fetch: (request) => {
      sent.push(request);
      return fetch(request);
    },
  });
  await tripod.dataOf(client.signUp({ email: email(), password }));
  sent.length = 0;
  const makeProject = () =>
    client.POST('/api/projects', { body: { name: 'Coast', language_id: work.language.id } });
  const projects = () => tripod.dataOf(client.GET('/api/projects'));
  return { line, client, sent, makeProject, projects };
}

for (const part of ['whole', 'end'] as const) {
  test(`what was made when the ${part} of the answer was lost is not made again, and the answer comes`, async (t) => {
    const { line, sent, makeProject, projects } = await openLine(t, fetch);
    line.loseAnswers(2, part);
    const { data, response } = await makeProject();
    t.is(line.lost(), 2);
    t.is(response.status, 201);
    t.deepEqual(await projects(), [data]);
    const keys = sent.slice(0, 3).map(({ headers }) => headers.get('Idempotency-Key'));
    t.is(new Set(keys).size, 1);
  });
}

test('what is made twice on purpose has two keys', async (t) => {
  const { makeProject, projects } = await openLine(t);
  await makeProject();
  await makeProject();
  t.is((await projects()).length, 2);
});

test('a list whose answer breaks off is asked for again', async (t) => {
  const { line, makeProject, projects } = await openLine(t, fetch);
  const { data } = await makeProject();
  line.loseAnswers(3, 'end');
  t.deepEqual(await projects(), [data]);
  t.is(line.lost(), 3);
});

test('what cannot be repeated without a second effect is not', async (t) => {
  const { line, client, sent, makeProject } = await openLine(t);
  const { data } = await makeProject();
  const path = { project_id: data?.id ?? '' };
  const asks = [
    () => client.PATCH('/api/projects/{project_id}', { params: { path }, body: { name: 'Coasts' } }),
    () => client.DELETE('/api/projects/{project_id}', { params: { path } }),
    () => client.signUp({ email: email(), password }),
  ];
  for (const ask of asks) {
    sent.length = 0;
    line.loseAnswers(1);
    await t.throwsAsync(ask, { instanceOf: TypeError });
    t.is(sent.length, 1);
  }
});

test('a service that is away is asked again when it says so, and not for ever', async (t) => {
  const { line, client, sent } = await openLine(t);
  const started = performance.now();
  line.leadTo(away.url);
  const ready = client.GET('/health/ready');
  setTimeout(() => {
    line.leadTo(service.url);
  }, 500);
  t.is((await ready).response.status, 200);
  t.true(performance.now() - started >= 990, 'Retry-After is one second');
  t.is(sent.length, 2);

  line.leadTo(away.url);
  const { response, error } = await client.GET('/api/auth/me');
  t.is(response.status, 503);
  t.is(error?.code, 'UNAVAILABLE');
  t.is(sent.length, 6);
});

/** A client of a service that will be away for so many seconds, and how often it was asked. */
async function openAway(t: ExecutionContext, seconds: number) {
  let asked = 0;
  const server = createServer((_request, response) => {
    asked += 1;
    response.writeHead(503, { 'Retry-After': String(seconds) }).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => server.close());
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { client: tripod.createTripodClient({ baseUrl }), asked: () => asked };
}

test('a service that will be away for long is not waited for', async (t) => {
  const { client, asked } = await openAway(t, 120);
  t.is((await client.GET('/health')).response.status, 503);
  t.is(asked(), 1);
});

test('who no longer wants an answer does not wait for another try', async (t) => {
  const { client, asked } = await openAway(t, 15);
  const started = performance.now();
  const leaving = new AbortController();
  setTimeout(() => {
    leaving.abort();
  }, 300);
  await t.throwsAsync(client.GET('/health', { signal: leaving.signal }), { any: true, name: 'AbortError' });
  t.true(performance.now() - started < 10_000);
  t.is(asked(), 1);
});
