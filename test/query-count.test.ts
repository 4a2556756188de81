import test from 'ava';
import type { RawRequest } from './helpers/client.ts';
import { operations, type Operation } from './helpers/contract.ts';
import { addRows } from './helpers/many-rows.ts';
import { createSamples } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';
import { watchQueries } from './helpers/watch-queries.ts';

const service = await startService();
const samples = await createSamples(service);
test.after.always(() => service.stop());

/** With the one that finds out who asks, and whether they may. */
const mostQueries = 4;

let queries: string[] = [];
watchQueries(({ text }) => queries.push(text));

const reads = [...operations.values()].filter(({ method }) => method === 'GET');

test.serial('no GET takes more queries for 40 rows than for 3, or more than four', async (t) => {
  const sample = await samples.addSample();
  await addRows(service, sample.ids, 3);
  const few = await countAll((operation) => samples.request(operation, sample));
  await addRows(service, sample.ids, 37);
  const many = await countAll((operation) => samples.request(operation, sample));

  t.log(
    [
      'queries  operation',
      ...[...many].map(([id, sent]) => `${String(sent.length).padStart(7)}  ${id}`),
    ].join('\n'),
  );
  for (const [id, sent] of many) {
    t.is(sent.length, few.get(id)?.length ?? 0, `${id}:\n${sent.join('\n')}`);
    t.true(sent.length <= mostQueries, `${id}:\n${sent.join('\n')}`);
  }
});

test.serial(
  'a GET for everyone asks the database nothing, and what is secured asks once who calls',
  async (t) => {
    const sample = await samples.addSample();
    const sent = await countAll((operation) => samples.request(operation, sample));
    for (const { id, role, responses } of reads) {
      const asked = (sent.get(id) ?? []).filter((text) => text.includes('from sessions s join users u'));
      t.is(asked.length, role === 'public' ? 0 : 1, id);
      if (!('503' in responses)) t.deepEqual(sent.get(id), [], id);
    }
  },
);

async function countAll(requestFor: (operation: Operation) => RawRequest): Promise<Map<string, string[]>> {
  const counts = new Map<string, string[]>();
  for (const operation of reads) {
    const request = requestFor(operation);
    // The first on a new connection may ask for more.
    await service.send(request);
    queries = [];
    const { status, body } = await service.send(request);
    counts.set(operation.id, queries);
    queries = [];
    if (status !== 200) throw new Error(`${operation.id} answered ${status}: ${JSON.stringify(body)}`);
  }
  return counts;
}
