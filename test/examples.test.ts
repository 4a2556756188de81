import test, { type ExecutionContext } from 'ava';
import { connectDatabase } from '../src/core/database.ts';
import { isDeepStrictEqual } from 'node:util';
import type { Answer } from './helpers/client.ts';
import { contractExamples, shownAnswer, shownBodies, shownProblem } from './helpers/contract-examples.ts';
import { operations, type Operation, type OperationId } from './helpers/contract.ts';
import { attempts } from './helpers/example-attempts.ts';
import { refusals, type Refusal } from './helpers/example-refusals.ts';
import { startExampleWorld, startShownService } from './helpers/example-world.ts';
import { meetExamples } from './helpers/met-examples.ts';
import { exampleSender } from './helpers/send-example.ts';
import { settle } from './helpers/settle.ts';

const world = await startExampleWorld();
const met = meetExamples();
const send = exampleSender(world, met);
test.after.always(() => world.stop());

const { database } = world.context;
const reads = [...operations.values()].filter(({ method }) => method === 'GET');
const changes = [...operations.values()].filter(({ method }) => method !== 'GET');
// It takes 5 seconds, in which everything else is only read.
const whileRunning = sendWhileRunning();

function firstSuccess({ responses }: Operation): number {
  return Number(Object.keys(responses).find((status) => status < '300'));
}

function isAsShown(t: ExecutionContext, operation: Operation, { status, body }: Answer<unknown>): void {
  const [media] = Object.values(operation.responses[status]?.content ?? {});
  const said = (value: unknown) => media && settle(operation, status, media.schema, value);
  if (media) t.deepEqual(said(body), said(shownAnswer(operation.id, status)));
}

/** The first body is the one that leads to what is shown; of others the answer says the same where it has the field. */
function keptWhatWasSent(t: ExecutionContext, answered: object, sent: object): void {
  const both = Object.entries(sent).filter(([name]) => name in answered);
  t.true(both.length > 0);
  t.like(answered, Object.fromEntries(both));
}

async function goBefore(
  id: OperationId,
  { before, earlier, as }: Pick<Refusal, 'before' | 'earlier' | 'as'>,
) {
  if (before !== undefined) await database.raw(before);
  if (!earlier) return;
  const body = { ...(shownBodies(id)[0] as object), ...earlier.body };
  for (let time = 0; time < (earlier.times ?? 1); time += 1) await send(id, { as, body });
  world.passSeconds(earlier.seconds ?? 0);
}

for (const operation of reads) {
  const { id, parameters } = operation;
  for (const { as, status = 200, precondition } of attempts[id] ?? [{}]) {
    test.serial(`${id} answers ${status} as it shows`, async (t) => {
      const answer = await send(id, { as, precondition });
      t.is(answer.status, status);
      isAsShown(t, operation, answer);
    });
  }

  const filters = parameters.filter(({ in: place, required }) => place === 'query' && required !== true);
  for (const { name, example } of filters.filter(({ name }) => name !== 'cursor')) {
    test.serial(`${id} finds some of what it shows by ${name}=${String(example)}`, async (t) => {
      const { body } = await send(id, { query: { [name]: String(example) } });
      const all = shownAnswer(id) as object[];
      t.true(Array.isArray(body) && body.length > 0);
      for (const item of body as object[]) t.true(all.some((one) => isDeepStrictEqual(one, item)));
    });
  }
}

test.serial('the next page is where Link shows it', async (t) => {
  const [first, second] = shownAnswer('listPhases') as object[];
  const page = await send('listPhases', { query: { limit: '1' } });
  t.deepEqual(page.body, [first]);
  const link = page.headers.get('Link') ?? '';
  const cursor = new URL(/<(.*)>/.exec(link)?.[1] ?? '', world.url).searchParams.get('cursor') ?? '';
  const next = await send('listPhases', { query: { limit: '1', cursor } });
  t.deepEqual(next.body, [second]);
});

test.serial('the first request with a key is still running, and this is answered as shown', async (t) => {
  const { body } = await whileRunning;
  t.deepEqual(body, shownProblem('StillRunning'));
});

for (const operation of changes) {
  const { id } = operation;
  for (const attempt of attempts[id] ?? [{}]) {
    const { as, status = firstSuccess(operation), precondition } = attempt;
    const bodies = operation.bodySchema ? shownBodies(id) : [undefined];
    for (const [index, shown] of bodies.entries()) {
      test.serial(`${id} answers ${status} as it shows, to the body ${index + 1}`, async (t) => {
        await world.restore();
        await goBefore(id, attempt);
        const answer = await send(id, { as, body: shown, precondition });
        t.is(answer.status, status);
        if (index === 0) isAsShown(t, operation, answer);
        else keptWhatWasSent(t, answer.body as object, shown as object);
      });
    }
  }
}

for (const [name, { call, as, body, headers, after, ...rest }] of Object.entries(refusals)) {
  test.serial(`${name} is answered as shown`, async (t) => {
    const shown = shownProblem(name);
    await world.restore();
    await goBefore(call, { as, ...rest });
    const [usual] = shownBodies(call) as (object | undefined)[];
    const answer = await send(call, {
      ...{ as, at: shown.instance, body: usual && { ...usual, ...body } },
      ...(headers ? { headers } : {}),
    });
    if (after !== undefined) await database.raw(after);
    t.deepEqual(answer.body, shown);
  });
}

test.serial('without a database it answers as shown', async (t) => {
  const service = await startShownService('postgresql://nobody@localhost:1/nothing');
  const ready = await send('getReadiness', { to: service });
  t.deepEqual(ready.body, shownAnswer('getReadiness', 503));
  const list = await send('listProjects', { to: service });
  t.deepEqual(list.body, shownProblem('Unavailable'));
  await service.stop();
});

test.serial('every example in the contract has been sent or answered', (t) => {
  t.true(contractExamples.length > 200);
  t.deepEqual(met.missing(), []);
});

async function sendWhileRunning(): Promise<Answer<unknown>> {
  const other = connectDatabase(world.databaseUrl);
  const holding = await other.transaction();
  // The service's own transactions end when nothing happens in them for long.
  await holding.raw('set local idle_in_transaction_session_timeout = 0');
  const key = operations
    .get('createProject')
    ?.parameters.find(({ name }) => name === 'Idempotency-Key')?.example;
  const { id } = shownAnswer('getMe') as { id: string };
  await holding('idempotency_keys').insert({
    ...{ user_id: id, operation_id: 'createProject', key, request_hash: '' },
    created_at: world.context.clock(),
  });
  const answer = await send('createProject', { as: 'facilitator' });
  await holding.rollback();
  await other.destroy();
  return answer;
}
