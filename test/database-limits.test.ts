import { setTimeout as wait } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import type PostgresClient from 'knex/lib/dialects/postgres/index.js';
import { connectDatabase, runStatement, type Database, type DatabaseOptions } from '../src/core/database.ts';
import { isUnavailable, nativeCode, NoConnection } from '../src/core/database-errors.ts';
import { newId } from '../src/core/ids.ts';
import { startLink } from './helpers/database-link.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { queryAt } from './helpers/query.ts';

const { url, drop } = await createTestDatabase();
test.after.always(drop);

/** In milliseconds. */
const statementLimit = 500;

/** A pool whose way to the database may fail. */
async function connect(t: ExecutionContext, options: DatabaseOptions = {}) {
  const link = await startLink(url);
  const database = connectDatabase(link.url, { statementLimit, poolSize: 5, ...options });
  t.teardown(async () => {
    await database.destroy();
    await link.stop();
  });
  return { link, database };
}

function poolOf(database: Database) {
  return (database.client as PostgresClient).pool;
}

/** As many connections as the pool has room for, all of them idle afterwards. */
async function fill(database: Database): Promise<void> {
  await Promise.all(Array.from({ length: 5 }, () => database.raw('select pg_sleep(0.1)')));
}

function active(sql: string): Promise<object[]> {
  return queryAt(url, `select from pg_stat_activity where state <> 'idle' and query like $1`, [`${sql}%`]);
}

test.serial(
  'a statement that takes too long is stopped on the server, and its connection is good for the next',
  async (t) => {
    const { database } = await connect(t, { poolSize: 1 });
    const pid = async () => (await database.raw<{ rows: object[] }>('select pg_backend_pid()')).rows;
    const before = await pid();
    const error = await t.throwsAsync(async () => {
      await database.raw('select pg_sleep(60)');
    });
    t.is(nativeCode(error), '57014');
    t.true(isUnavailable(error));
    t.deepEqual(await pid(), before);
    t.deepEqual(await active('select pg_sleep(60)'), []);
  },
);

test.serial('a transaction whose statement was stopped is rolled back', async (t) => {
  const { database } = await connect(t);
  const stopped = database.transaction(async (transaction) => {
    await transaction('phases').insert({ id: newId(), name: 'Never' });
    await transaction.raw('select pg_sleep(60)');
  });
  await t.throwsAsync(stopped, { code: '57014' });
  t.deepEqual(await database('phases').where({ name: 'Never' }), []);
  t.is(poolOf(database)?.numUsed(), 0);
});

test.serial(
  'who asks when the network has gone silent is told so in time, and all idle connections are given up at once',
  async (t) => {
    const { link, database } = await connect(t);
    await fill(database);
    link.silence();
    const error = await t.throwsAsync(async () => {
      await database.raw('select 1');
    });
    t.is(nativeCode(error), 'ETIMEDOUT');
    t.true(isUnavailable(error));
    await link.restore();
    const began = performance.now();
    await fill(database);
    t.true(performance.now() - began < 1_000, 'none of the dead ones was tried again');
  },
);

test.serial('a connection that was idle for a while is tried before it is used', async (t) => {
  const { link, database } = await connect(t);
  await fill(database);
  await wait(600);
  link.silence();
  await link.restore();
  t.deepEqual((await database.raw<{ rows: object[] }>('select 1 as one')).rows, [{ one: 1 }]);
  t.is(poolOf(database)?.numUsed(), 0);
});

test.serial('an attempt to connect that nobody answers is made again', async (t) => {
  const { link, database } = await connect(t);
  link.silence();
  const [{ rows }] = await Promise.all([
    database.raw<{ rows: object[] }>('select 1 as one'),
    wait(500).then(link.restore),
  ]);
  t.deepEqual(rows, [{ one: 1 }]);
});

test.serial('a transaction that is left behind lets go of its locks', async (t) => {
  const { link, database } = await connect(t);
  const left = database.transaction(async (transaction) => {
    await transaction.raw('lock table phases');
    link.silence();
    // Longer than it takes the server to give it up.
    await queryAt(url, `begin; set local lock_timeout = '20s'; lock table phases; commit`);
  });
  await t.throwsAsync(left, { code: 'ETIMEDOUT' });
});

test.serial('no more wait for a connection than can hope for one', async (t) => {
  const { database } = await connect(t, { poolSize: 1, statementLimit: 60_000 });
  const holding = await database.transaction();
  const waiting = Array.from({ length: 500 }, () => database.raw('select 1'));
  const all = Promise.allSettled(waiting);
  await wait(50);
  await t.throwsAsync(
    async () => {
      await database.raw('select 1');
    },
    { instanceOf: NoConnection },
  );
  await holding.commit();
  t.true((await all).every(({ status }) => status === 'fulfilled'));
  t.is(poolOf(database)?.numUsed(), 0);
});

test.serial('closing does not wait for a good-bye that nobody answers', async (t) => {
  const link = await startLink(url);
  const database = connectDatabase(link.url, { statementLimit });
  await fill(database);
  link.silence();
  const began = performance.now();
  await database.destroy();
  t.true(performance.now() - began < 4_000);
  await link.stop();
});

for (const preparedStatements of [true, false])
  test.serial(
    `statements are ${preparedStatements ? 'prepared' : 'not prepared where the pooler does not know that'}`,
    async (t) => {
      const { database } = await connect(t, { poolSize: 1, preparedStatements });
      const prepared = { name: 'prepared', text: 'select $1::integer as one' };
      t.deepEqual(await runStatement(database, prepared, [1]), [{ one: 1 }]);
      for (const code of ['eng', 'deu']) await database('languages').select('id').where({ code });
      await database('languages').select('*').where({ code: 'fra' });
      const { rows } = await database.raw<{ rows: object[] }>(
        `select statement from pg_prepared_statements where statement not like '%pg\\_%' order by statement desc`,
      );
      const made = 'select "id" from "languages" where "code" = $1';
      t.deepEqual(rows, preparedStatements ? [{ statement: prepared.text }, { statement: made }] : []);
    },
  );
