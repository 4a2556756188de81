import { fileURLToPath } from 'node:url';
import test from 'ava';
import { answerFindings, problemFindings, type Received } from './conformance/check-answer.ts';
import { reach } from './conformance/deployment.ts';
import { pathOf } from './helpers/client.ts';
import { shownAnswers, shownBodies } from './helpers/contract-examples.ts';
import { document, operations, type Operation, type OperationId } from './helpers/contract.ts';
import { runProgram } from './helpers/run-program.ts';
import { startServerProcess } from './helpers/server-process.ts';

const origin = 'https://tool.example.org';
const mock = await startServerProcess({ CORS_ORIGINS: origin }, [
  `--import=${import.meta.resolve('tsx')}`,
  fileURLToPath(new URL('../scripts/mock.ts', import.meta.url)),
]);
test.after.always(() => mock.stop());

// A 429 is what is asked for here.
const { ask } = reach(mock.url, 0);
const anyone = { access_token: 'any-token' };

/** As the contract shows it. What the mock answers is not noted as an answer of the service. */
async function send(
  id: OperationId,
  headers: Readonly<Record<string, string>> = {},
): Promise<Received & { readonly operation: Operation }> {
  const operation = operations.get(id);
  if (!operation) throw new Error(`the contract has no ${id}`);
  const examples = operation.parameters.map(({ name, example }) => [name, String(example)]);
  const needed = operation.parameters.filter(({ in: place, required }) => place === 'query' && required);
  const path = pathOf(operation, {
    path: Object.fromEntries(examples) as Record<string, string>,
    query: Object.fromEntries(needed.map(({ name, example }) => [name, example])),
  });
  const answer = await ask({
    ...{ method: operation.method, path, as: anyone },
    ...{ headers, body: shownBodies(id)[0] },
  });
  return { ...answer, operation };
}

/** But for what is said of this one request. */
function withoutRequest(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || !('request_id' in body && 'code' in body)) return body;
  return { ...body, request_id: '', instance: '' };
}

for (const { id, responses } of operations.values()) {
  test.serial(`${id} is answered with each example that it shows`, async (t) => {
    for (const status of Object.keys(responses).map(Number)) {
      const examples = shownAnswers(id, status);
      for (const example of examples.length > 0 ? examples : [undefined]) {
        const named = example?.name ? `, example=${example.name}` : '';
        const answer = await send(id, { Prefer: `code=${status}${named}` });
        t.is(answer.status, status);
        t.deepEqual(answerFindings(answer.operation, answer), []);
        if (example) t.deepEqual(withoutRequest(answer.body), withoutRequest(example.value));
      }
    }
  });
}

test.serial('without a wish it answers what goes well, to any token', async (t) => {
  t.is((await send('createAccessRequest')).status, 201);
  t.deepEqual((await send('getOpenapiJson')).body, document);
  t.true(String((await send('getDocs')).body).length > 100_000);
});

test.serial('an answer that is known already is not sent again', async (t) => {
  const tag = (await send('getProject')).headers.get('ETag') ?? '';
  t.is((await send('getProject', { 'If-None-Match': tag })).status, 304);
});

for (const [what, status, question] of [
  ['without a token', 401, { path: '/api/projects' }],
  ['for a path that is not there', 404, { path: '/api/nothing' }],
  ['for a method that is not there', 405, { method: 'PUT', path: '/api/projects' }],
  ['for an unknown query parameter', 400, { path: '/health?page=2' }],
  ['for a body against the contract', 400, { method: 'POST', path: '/api/auth/login', body: { email: 1 } }],
  [
    'for a body of another type',
    415,
    { method: 'POST', path: '/api/auth/login', body: {}, headers: { 'Content-Type': 'text/plain' } },
  ],
  ['for an answer that is not declared', 400, { path: '/health', headers: { Prefer: 'code=418' } }],
  ['for an example that is not there', 400, { path: '/health', headers: { Prefer: 'example=none' } }],
] as const) {
  test.serial(`it answers as the service does ${what}: ${status}`, async (t) => {
    const answer = await ask(question);
    t.is(answer.status, status);
    t.deepEqual(problemFindings(answer), []);
  });
}

test.serial('web pages of CORS_ORIGINS may call it, and no others', async (t) => {
  for (const [page, allowed] of [
    [origin, origin],
    ['https://other.example.org', null],
  ] as const) {
    const { headers } = await ask({ path: '/health', headers: { Origin: page } });
    t.is(headers.get('Access-Control-Allow-Origin'), allowed);
  }
});

test.serial('it says where it is, and what to do where it cannot be there', async (t) => {
  t.regex(mock.output(), /^ {2}Docs {2}http:\/\/localhost:\d+\/docs$/m);
  const { port } = new URL(mock.url);
  const { code, stderr } = await runProgram('scripts/mock.ts', { PORT: port });
  t.is(stderr, `PORT ${port} is taken by another program: please set another.\n`);
  t.is(code, 1);
});
