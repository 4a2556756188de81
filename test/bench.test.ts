import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test, { type ExecutionContext } from 'ava';
import { checkAnswers, type Answering } from '../scripts/bench/check-answers.ts';
import { compare, comparisonTable, refuseOtherNode } from '../scripts/bench/compare.ts';
import { readOptions } from '../scripts/bench/options.ts';
import { plot } from '../scripts/bench/plot.ts';
import { blocksOf, flameGraph } from '../scripts/bench/flame-graph.ts';
import { summarizeProfile } from '../scripts/bench/profile.ts';
import type { Results } from '../scripts/bench/results.ts';
import { median, percentile } from '../scripts/bench/statistics.ts';
import { table } from '../scripts/bench/table.ts';
import type { Trial } from '../scripts/bench/trial.ts';

/** Results with these CPU times of the service and of the limit. */
function results(cpus: Readonly<Record<string, readonly [service: number, limit: number]>>): Results {
  const figures = (cpu: number) => ({ cpu, rate: 1000, postgres: 20, p50: 1, p99: 2 });
  return {
    machine: { node: '20.0.0', processor: 'Some', cores: 2, load: { before: 0, after: 2 } },
    connections: 20,
    cases: Object.fromEntries(
      Object.entries(cpus).map(([name, [service, limit]]) => [
        name,
        { service: figures(service), limit: figures(limit) },
      ]),
    ),
  };
}

test('A case that takes over 25 % more beside the limit has got worse', (t) => {
  const before = results({ me: [100, 50], languages: [100, 50], health: [100, 50] });
  const now = results({ me: [126, 50], languages: [124, 50], health: [60, 50] });
  t.deepEqual(compare(before, now), [
    { name: 'me', before: 2, now: 2.52, isWorse: true },
    { name: 'languages', before: 2, now: 2.48, isWorse: false },
    { name: 'health', before: 2, now: 1.2, isWorse: false },
  ]);
});

test('On a machine that takes twice the time for all nothing has got worse', (t) => {
  const [only] = compare(results({ me: [100, 50] }), results({ me: [200, 100] }));
  t.deepEqual(only, { name: 'me', before: 2, now: 2, isWorse: false });
});

test('A case that is measured the first time is compared with nothing', (t) => {
  const [, added] = compare(results({ me: [100, 50] }), results({ me: [100, 50], health: [900, 50] }));
  t.deepEqual(added, { name: 'health', before: null, now: 18, isWorse: false });
});

test('Results that have nothing in common, or lack a server, are not taken for good ones', (t) => {
  t.throws(() => compare(results({ me: [1, 1] }), results({ health: [1, 1] })), { message: /none of these/ });
  const { service } = results({ me: [1, 1] }).cases['me'] ?? {};
  const half = { ...results({}), cases: { me: service ? { service } : {} } };
  t.throws(() => compare(results({ me: [1, 1] }), half), { message: /me lack/ });
  t.throws(() => compare(results({ me: [1, 1] }), results({ me: [NaN, 1] })), { message: /me lack/ });
});

test('Results of another major version of Node are not compared', (t) => {
  t.notThrows(() => {
    refuseOtherNode(results({}), '20.19.0');
  });
  t.throws(
    () => {
      refuseOtherNode(results({}), '24.0.0');
    },
    { message: /Node 20\.0\.0, this is 24\.0\.0.* use the same/ },
  );
});

test('The table of changes begins with what has got worse most', (t) => {
  const before = results({ me: [100, 50], languages: [100, 50] });
  const now = results({ me: [90, 50], languages: [150, 50], health: [10, 10] });
  const lines = comparisonTable(compare(before, now)).split('\n');
  t.regex(lines[1] ?? '', /^languages +WORSE +2\.00 +3\.00 +\+50 %$/);
  t.regex(lines[2] ?? '', /^health +new +– +1\.00 +–$/);
  t.regex(lines[3] ?? '', /^me +well +2\.00 +1\.80 +−10 %$/);
});

test('The table has a line for each server, with its CPU as a multiple of the limit', (t) => {
  const [, service = '', limit = ''] = table(results({ me: [120, 50] })).split('\n');
  t.regex(service, /^me +service +120\.0 +2\.40 +1000 +20 +1\.00 +2\.00$/);
  t.regex(limit, /^ +limit +50\.0 +1\.00 /);
});

test('The longest bar of the plot is that of the largest multiple', (t) => {
  const svg = plot(results({ me: [200, 50], languages: [300, 150] }));
  const lengths = [...svg.matchAll(/class="service" x="130" y="\d+" width="([\d.]+)" height/g)].map(
    ([, length]) => Number(length),
  );
  t.deepEqual(lengths.slice(-2), [480, 240]);
  t.true(svg.includes('200 µs · 4.0×'));
});

test('The median is in the middle, and a percentile is a value that was measured', (t) => {
  t.is(median([9, 1, 5]), 5);
  t.is(median([4, 1, 2, 9]), 3);
  t.is(percentile([1, 2, 3, 4], 0.5), 2);
  t.is(percentile([1, 2, 3, 4], 0.99), 4);
});

test('A name that is not measured is refused with those that are', (t) => {
  t.throws(() => readOptions(['me', 'nothing']), { message: /no nothing\. .*: health, me, / });
  t.deepEqual(readOptions(['me', '--brief']).chosen, ['me']);
});

test('A profile counts the time of each function without those it calls, and leaves idle time out', (t) => {
  const node = (id: number, functionName: string, url: string, lineNumber: number) => ({
    ...{ id, callFrame: { functionName, scriptId: '1', url, lineNumber, columnNumber: 0 } },
  });
  const summary = summarizeProfile({
    nodes: [
      node(1, '(root)', '', -1),
      node(2, '(idle)', '', -1),
      node(3, '(garbage collector)', '', -1),
      node(4, 'sign', 'file:///somewhere/node_modules/@scope/signer/lib/sign.js', 9),
      node(5, 'start', 'file:///somewhere/dist/services/start.js', 0),
      node(6, 'validate', '', 3),
      node(7, 'writev', '', -1),
    ],
    startTime: 0,
    endTime: 1000,
    samples: [2, 4, 4, 5, 3, 6, 7],
    // Each is the time since the sample before.
    timeDeltas: [0, 500, 100, 100, 100, 50, 50],
  });
  const rounded = (shares: typeof summary.packages) =>
    Object.fromEntries(shares.map(({ name, share }) => [name, Math.round(share * 100)]));
  t.deepEqual(rounded(summary.packages), {
    ...{ '@scope/signer': 50, 'src/': 25, 'garbage collection': 13, 'made at run time': 13, 'built in': 0 },
  });
  t.is(summary.functions[0]?.name, 'sign @scope/signer/lib/sign.js:10');
  t.is(summary.functions[1]?.name, 'start src/services/start.js:1');
});

test('A flame graph has one block for calls within a file or a package, as wide as they take, and leaves idle time out', (t) => {
  const node = (id: number, functionName: string, url: string, children: number[] = []) => ({
    ...{ id, children, callFrame: { functionName, scriptId: '1', url, lineNumber: 0, columnNumber: 0 } },
  });
  const blocks = blocksOf({
    nodes: [
      node(1, '(root)', '', [2, 3]),
      node(2, '(idle)', ''),
      node(3, 'start', 'file:///somewhere/dist/services/start.js', [4]),
      node(4, 'begin', 'file:///somewhere/dist/services/start.js', [5, 7]),
      node(5, 'sign', 'file:///somewhere/node_modules/@scope/signer/lib/sign.js', [6]),
      node(6, 'hash', 'file:///somewhere/node_modules/@scope/signer/lib/hash.js'),
      node(7, 'write<v>', ''),
    ],
    startTime: 0,
    endTime: 1000,
    samples: [2, 6, 5, 7],
    timeDeltas: [0, 500, 300, 100],
  });
  const start = blocks.calls.get('services/start');
  t.is(blocks.time, 400);
  t.deepEqual([...blocks.calls.keys()], ['services/start']);
  t.deepEqual(
    [...(start?.calls.values() ?? [])].map(({ name, time, calls }) => [name, time, calls.size]),
    [
      ['@scope/signer', 400, 0],
      ['write<v>', 0, 0],
    ],
  );
  const picture = flameGraph(blocks, 'a & b');
  t.true(picture.includes('<title>@scope/signer: 100.0 %</title>') && picture.includes('a &amp; b'));
  t.false(picture.includes('write'));
});

/** A server that gives this answer to the token `good`, and another status to all others. */
async function answering(t: ExecutionContext, name: string, body: object, refusal = 401): Promise<Answering> {
  const server: HttpServer = createServer((request, response) => {
    const isGood = request.headers.authorization === 'Bearer good';
    response.writeHead(isGood ? 200 : refusal).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(() => server.close());
  return { name, port: (server.address() as AddressInfo).port };
}

const trial = (): Trial => ({
  name: 'me',
  case: { varying: ['id'], isExpected: ({ name }: { name: string }) => name !== '' },
  status: 200,
  requests: [{ method: 'GET', path: '/', token: 'good', body: undefined }],
});

test('Servers that answer alike, but for what varies, may be compared', async (t) => {
  const one = await answering(t, 'one', { id: '1', name: 'Same' });
  const other = await answering(t, 'other', { name: 'Same', id: '2' });
  await t.notThrowsAsync(checkAnswers([one, other], trial()));
});

test('A server that answers otherwise than the others is not compared with them', async (t) => {
  const one = await answering(t, 'one', { id: '1', name: 'Same' });
  const other = await answering(t, 'other', { id: '1', name: 'Other' });
  const longer = await answering(t, 'longer', { id: '10', name: 'Same' });
  await t.throwsAsync(checkAnswers([one, other], trial()), { message: /by other.*\n.*by one/ });
  await t.throwsAsync(checkAnswers([one, longer], trial()), { message: /by longer/ });
});

test('A server that gives another answer than is expected is not measured', async (t) => {
  const empty = await answering(t, 'empty', { id: '1', name: '' });
  await t.throwsAsync(checkAnswers([empty], trial()), { message: /by empty/ });
});

test('A server that lets in whoever sends a token with another signature is not measured', async (t) => {
  const careless = await answering(t, 'careless', { id: '1', name: 'Same' }, 200);
  await t.throwsAsync(checkAnswers([careless], trial()), { message: /careless lets in/ });
});
