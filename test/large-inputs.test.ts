import { gunzipSync, gzipSync, brotliCompressSync, constants, deflateSync } from 'node:zlib';
import test from 'ava';
import type { Schema } from '../src/core/schema.ts';
import { operations } from './helpers/contract.ts';
import { minimalRequest } from './helpers/minimal-request.ts';
import { platformAdmin } from './helpers/people.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { startService } from './helpers/service.ts';

const service = await startService();
const admin = await platformAdmin(service);
test.before(() => service.send({ method: 'POST', path: '/api/auth/logout', body: '{}' }));
test.after.always(() => service.stop());

const most = 102_400;
const json = { 'content-type': 'application/json' };
const logOut = { method: 'POST', path: '/api/auth/logout', headers: json };

function nested(open: string, close: string, around: (inner: string) => string): string {
  const levels = Math.floor((most - around('').length) / (open.length + close.length));
  return around(open.repeat(levels) + close.repeat(levels));
}

/** What this process, in which the service runs too, has worked since: the machine may be busy with other things. */
function worked(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
}

/** In milliseconds of work. */
const quickly = 500;

for (const [shape, body, code] of [
  ['51,200 lists in each other', nested('[', ']', (inner) => inner), 'VALIDATION_ERROR'],
  ['lists in each other in a field', nested('[', ']', (inner) => `{"name":${inner}}`), 'VALIDATION_ERROR'],
  ['objects in each other', nested('{"a":', '}', (inner) => inner.replace(':}', ':1}')), 'VALIDATION_ERROR'],
  [
    'objects in each other, all called __proto__',
    nested('{"__proto__":', '}', (inner) => inner.replace(':}', ':1}')),
    'VALIDATION_ERROR',
  ],
  ['102,400 lists without an end', '['.repeat(most), 'MALFORMED_JSON'],
  ['20,480 objects without an end', '{"a":'.repeat(most / 5), 'MALFORMED_JSON'],
  ['a list of 51,199 numbers', `[${'1,'.repeat(most / 2 - 2)}1]`, 'VALIDATION_ERROR'],
  ['one number', '9'.repeat(most), 'VALIDATION_ERROR'],
  ['one text of line breaks', JSON.stringify({ name: '\n'.repeat(most / 2 - 10) }), 'VALIDATION_ERROR'],
  [
    'fields',
    JSON.stringify(Object.fromEntries(Array.from({ length: 9_000 }, (_, index) => [`x${index}`, 1]))),
    'VALIDATION_ERROR',
  ],
] as const) {
  test.serial(`100 KiB of ${shape} are refused by every operation, quickly`, async (t) => {
    t.true(body.length <= most);
    for (const operation of operations.values()) {
      if (!operation.bodySchema) continue;
      const request = { ...minimalRequest(operation, {}), body, as: admin };
      const began = process.cpuUsage();
      const answer = await service.send(request);
      t.is(answer.status, 400, operation.id);
      t.is((answer.body as Schema<'Problem'>).code, code, operation.id);
      t.true(worked(began) < quickly, operation.id);
    }
  });
}

for (const number of ['1e400', '-1e400', 'Infinity'])
  test.serial(`${number} is within no bounds of a number in a query`, async (t) => {
    for (const operation of operations.values())
      for (const { name, schema, ...parameter } of operation.parameters) {
        if (parameter.in !== 'query' || !['integer', 'number'].includes(String(schema.type))) continue;
        const { path, ...request } = minimalRequest(operation, {});
        const { status } = await sendOdd(service.url, {
          ...request,
          path: `${path}?${name}=${number}`,
          as: admin,
        });
        t.is(status, 400, operation.id);
      }
  });

const zeros = Buffer.alloc(2 ** 26);

for (const [encoding, bomb] of [
  ['gzip', gzipSync(zeros)],
  ['deflate', deflateSync(zeros)],
  ['br', brotliCompressSync(zeros, { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } })],
] as const) {
  test.serial(`a body that ${encoding} makes of 64 MiB is given up at 100 KiB`, async (t) => {
    const headers = { ...json, 'content-encoding': encoding };
    const { status } = await sendOdd(service.url, { ...logOut, headers, body: bomb });
    t.is(status, 413);
  });
}

test.serial('of a body that gzip makes of 1 GiB no more is unpacked than it may be long', async (t) => {
  const one = gzipSync(zeros);
  const began = process.cpuUsage();
  gunzipSync(one);
  const unpacking = worked(began);
  const headers = { ...json, 'content-encoding': 'gzip' };
  const body = Buffer.concat(Array.from({ length: 16 }, () => one));
  const sent = process.cpuUsage();
  t.is((await sendOdd(service.url, { ...logOut, headers, body })).status, 413);
  // All of it would take sixteen times as long.
  t.true(worked(sent) < 4 * unpacking + 300);
});

for (const [shape, query] of [
  ['7,000 names', 'a&'.repeat(7_000)],
  ['2,000 different names', Array.from({ length: 2_000 }, (_, index) => `x${index}`).join('&')],
  ['a known name 3,500 times', 'q=a&'.repeat(3_500)],
  ['a known name behind 5,000 others', `${'a&'.repeat(5_000)}q=a`],
  ['8,000 separators and a name', `${'&'.repeat(8_000)}a`],
  ['brackets in each other', `q${'[a]'.repeat(5_000)}=1`],
  ['5,000 encoded signs', `q=${'%25'.repeat(5_000)}`],
  ['half decoded signs', `q=${'%2'.repeat(5_000)}`],
] as const) {
  test.serial(`a query of ${shape} is refused, quickly`, async (t) => {
    const began = process.cpuUsage();
    const path = `/api/languages?${query}`;
    const { status, body } = await sendOdd(service.url, { method: 'GET', path, as: admin });
    t.is(status, 400);
    t.true(((body as Schema<'Problem'>).errors ?? []).length <= 50);
    t.true(worked(began) < quickly);
  });
}

for (const [name, value] of [
  ['authorization', `Bearer ${'a'.repeat(15_000)}`],
  ['authorization', `Bearer ${'a.'.repeat(7_000)}`],
  ['authorization', `${'Bearer '.repeat(2_000)}x`],
  ['if-none-match', '"'.repeat(15_000)],
  ['if-none-match', `W/"${',"'.repeat(7_000)}`],
  ['accept-encoding', 'gzip;q=0.1,'.repeat(1_300)],
  ['accept-encoding', ',;='.repeat(4_000)],
  ['origin', 'http://'.repeat(2_000)],
  ['cookie', 'a=b;'.repeat(3_000)],
  ['x-forwarded-for', '1.1.1.1,'.repeat(1_800)],
  ['x-forwarded-for', '%'.repeat(15_000)],
  ['content-type', 'application/json;'.repeat(800)],
  ['content-type', `${' '.repeat(14_000)};x`],
  ['traceparent', '0'.repeat(15_000)],
  ['x-request-id', '!'.repeat(15_000)],
] as const) {
  test.serial(`15 KB in ${name} (${value.slice(0, 12)}…) keep nobody busy`, async (t) => {
    const began = process.cpuUsage();
    for (const path of ['/openapi.json', '/api/auth/me'])
      t.true((await sendOdd(service.url, { method: 'GET', path, headers: { [name]: value } })).status < 500);
    t.true(worked(began) < quickly);
  });
}
