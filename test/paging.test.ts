import { hash } from 'node:crypto';
import test from 'ava';
import type { Signed } from './helpers/client.ts';
import { operations, type OperationId } from './helpers/contract.ts';
import { addRows, removeRows } from './helpers/many-rows.ts';
import { createSamples, filtersOf } from './helpers/samples.ts';
import { startService } from './helpers/service.ts';
import { nextOf, pagesOf, wholeList, withQuery } from './helpers/walk-pages.ts';

const service = await startService();
const samples = await createSamples(service);
const sample = await samples.addSample();
await addRows(service, sample.ids, 9);
test.after.always(() => service.stop());

const lists = [...operations.values()].filter(({ parameters }) =>
  parameters.some(({ name }) => name === 'cursor'),
);
const unknownCursor = 'WyJub25lIl0';

test('every list but those that search is paged', (t) => {
  const whole = [...operations.values()].filter(
    (operation) =>
      operation.method === 'GET' &&
      operation.responses['200']?.content?.['application/json']?.schema.type === 'array' &&
      !lists.includes(operation),
  );
  t.deepEqual(
    whole.map(({ id }) => id),
    ['searchUsers', 'searchLanguageRegistry'] satisfies OperationId[],
  );
});

// One after the other: rows come and go in all lists.
for (const operation of lists) {
  const title = `GET ${operation.path}`;
  const request = samples.request(operation, sample);
  const filters = filtersOf(operation, sample.ids);
  const filtered = withQuery(request, filters);

  test.serial(`${title} gives by pages of 1, 2 and 7 what it gives at once, in the same order`, async (t) => {
    for (const asked of Object.keys(filters).length > 0 ? [request, filtered] : [request]) {
      const all = await wholeList(service, asked);
      t.true(all.length > 7, `${asked.path} has only ${all.length} items: helpers/many-rows.ts adds none`);
      for (const limit of [1, 2, 7, all.length, 500]) {
        const pages: unknown[][] = [];
        for await (const { body } of pagesOf(service, withQuery(asked, { limit: String(limit) })))
          pages.push(body);
        t.deepEqual(pages.flat(), all);
        const sizes = pages.map(({ length }) => length);
        t.true(
          sizes.slice(0, -1).every((size) => size === limit),
          `${sizes.join(' ')}, not ${limit} each`,
        );
        t.true((sizes.at(-1) ?? 0) > 0);
      }
    }
  });

  test.serial(`${title} leads to its next page by a link that keeps its filters and limit`, async (t) => {
    const { headers } = await service.send(withQuery(filtered, { limit: '1' }));
    const link = headers.get('Link') ?? '';
    t.regex(link, /^<[^<>\s]+>; rel="next"$/);
    const next = new URL(nextOf(link, filtered.path) ?? '', service.url);
    const { cursor, ...kept } = Object.fromEntries(next.searchParams);
    t.is(next.pathname, new URL(filtered.path, service.url).pathname);
    t.deepEqual(kept, { ...filters, limit: '1' });
    t.regex(cursor ?? '', /^[\w-]{1,2048}$/);
  });

  test.serial(`${title} answers 400 for a bad, foreign or altered cursor and a bad limit`, async (t) => {
    const own = await cursorOf(operation.id);
    const foreign = await Promise.all(
      lists.filter((other) => orderOf(other.id) !== orderOf(operation.id)).map(({ id }) => cursorOf(id)),
    );
    const changed = own.startsWith('W') ? `X${own.slice(1)}` : `W${own.slice(1)}`;
    const altered = [
      ...[changed, own.slice(0, -1), `${own}A`, own.slice(4)],
      own.slice(0, -1) + String.fromCharCode((own.codePointAt(own.length - 1) ?? 0) ^ 1),
      Buffer.from(Buffer.from(own, 'base64url').toString().replace(/.{3}$/, 'x"]')).toString('base64url'),
    ];
    const bad = ['', ' ', 'nonsense', 'e30', 'W10', 'bnVsbA', 'WzFd', unknownCursor, 'ü', 'x'.repeat(2_049)];
    for (const cursor of [...bad, ...altered, ...foreign]) {
      const { status, body } = await service.send(withQuery(request, { cursor, limit: '2' }));
      t.is(status, 400, `${cursor} gave ${JSON.stringify(body)}`);
      t.like(body, { code: 'VALIDATION_ERROR', errors: [{ in: 'query', path: 'cursor' }] });
    }
    for (const limit of ['', '0', '-1', '501', '1.5', 'many']) {
      const { status } = await service.send(withQuery(request, { limit }));
      t.is(status, 400, limit);
    }
  });

  test.serial(
    `${title} neither repeats nor skips what is there all the while as other rows come and go`,
    async (t) => {
      const stable = new Set((await wholeList(service, request)).map(keyOf));
      const passing = [await addRows(service, sample.ids, 2), await addRows(service, sample.ids, 2)];
      const met: string[] = [];
      for await (const { body } of pagesOf(service, withQuery(request, { limit: '2' }))) {
        met.push(...body.map(keyOf));
        const [leaving] = passing.splice(0, 1);
        if (leaving) await removeRows(service, leaving);
        if (met.length < 20) passing.push(await addRows(service, sample.ids, 1));
      }
      for (const left of passing) await removeRows(service, left);
      t.deepEqual(
        met.filter((key) => stable.has(key)),
        [...stable],
      );
      t.is(new Set(met).size, met.length);
    },
  );
}

test.serial('a cursor outlives the row that it was made of', async (t) => {
  const passing = await addRows(service, sample.ids, 1);
  const as = samples.admin;
  const { body: all } = await service.call('listPhases', 200, { as });
  const index = all.findIndex(({ id }) => passing['phases']?.includes(id));
  const rest = all.slice(index + 1);
  const { headers } = await service.call('listPhases', 200, { as, query: { limit: index + 1 } });
  await removeRows(service, passing);
  const next = nextOf(headers.get('Link'), '/');
  if (next === undefined) {
    t.deepEqual(rest, []);
    return;
  }
  t.deepEqual((await service.send({ method: 'GET', path: next, as })).body, rest.slice(0, index + 1));
});

test.serial('a walk goes on only for who may still see the list', async (t) => {
  const first = { method: 'GET', path: '/api/users?limit=1', as: samples.admin as Signed };
  const { headers } = await service.send(first);
  const path = nextOf(headers.get('Link'), first.path) ?? '';
  t.is((await service.send({ method: 'GET', path, as: sample.user })).status, 403);
});

test.serial(
  'a made-up cursor with a right sum is refused all the same where its values are none',
  async (t) => {
    const forge = (values: readonly unknown[]) => {
      const sum = hash('sha256', JSON.stringify(['phases asc name id', values]), 'base64url').slice(0, 8);
      return Buffer.from(JSON.stringify([sum, ...values])).toString('base64url');
    };
    const own = await cursorOf('listPhases');
    const [, name, id] = JSON.parse(Buffer.from(own, 'base64url').toString()) as string[];
    t.is(forge([name, id]), own);
    const as = samples.admin;
    for (const values of [
      [name],
      [name, id, id],
      [],
      [name, 'no id'],
      [name, 1],
      [name, '\u0000id'],
      [name, '\ud800'],
    ]) {
      const { status, body } = await service.send({
        method: 'GET',
        path: `/api/phases?limit=2&cursor=${forge(values)}`,
        as,
      });
      t.is(status, 400, `${JSON.stringify(values)} gave ${JSON.stringify(body)}`);
    }
  },
);

async function cursorOf(id: OperationId): Promise<string> {
  const operation = operations.get(id);
  if (!operation) throw new Error(`the contract has no ${id}`);
  const { headers } = await service.send(withQuery(samples.request(operation, sample), { limit: '1' }));
  const next = nextOf(headers.get('Link'), '/') ?? '';
  return new URL(next, service.url).searchParams.get('cursor') ?? '';
}

/** Lists of the same things share their cursors. */
function orderOf(id: OperationId): string {
  const shared: Partial<Record<OperationId, OperationId>> = {
    listMyRoles: 'listUserRoles',
    listMyApps: 'listApps',
  };
  return shared[id] ?? id;
}

/** What a row is known by, whatever else changes about it. */
function keyOf(item: unknown): string {
  const { id, app_key, role_key } = item as Record<string, string | undefined>;
  return id ?? `${app_key ?? ''} ${role_key ?? ''}`;
}
