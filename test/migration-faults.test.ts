import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { structureOf, type Part } from '../scripts/lint-migrations/structure.ts';
import { connectForMigrations, type Database } from '../src/core/database.ts';
import { migrate } from '../src/core/migrate.ts';
import { migrationStates, pendingMigrations } from '../src/core/migrations/history.ts';
import { oneAtATime } from '../src/core/migrations/lock.ts';
import { projectMigrations, type MigrationSource } from '../src/core/migrations/source.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { lockWaiter } from './helpers/lock-waits.ts';
import { fixtures } from './helpers/migration-fixtures.ts';
import { until } from './helpers/until.ts';

const [first = '', second = '', third = ''] = await fixtures.names();

function upTo(last: string, source: MigrationSource = fixtures): MigrationSource {
  return { ...source, names: async () => (await source.names()).filter((name) => name <= last) };
}

async function emptyDatabase(t: ExecutionContext): Promise<{ database: Database; url: string }> {
  const { url, drop } = await createEmptyDatabase();
  const database = connectForMigrations(url, 4);
  t.teardown(async () => {
    await database.destroy();
    await drop();
  });
  return { database, url };
}

/** A transaction that holds what `sql` takes, until it is let go. */
async function hold(t: ExecutionContext, url: string, sql: string): Promise<{ letGo: () => Promise<void> }> {
  const client = new pg.Client(url);
  await client.connect();
  await client.query('begin');
  await client.query(sql);
  let ended: Promise<void> | undefined;
  const letGo = () => (ended ??= client.end());
  t.teardown(letGo);
  return { letGo };
}

function start(t: ExecutionContext, program: string, url: string): ChildProcess {
  const file = fileURLToPath(new URL(`../${program}`, import.meta.url));
  const loader = file.endsWith('.ts') ? [`--import=${import.meta.resolve('tsx')}`] : [];
  const child = spawn(process.execPath, [...loader, file], {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], DATABASE_URL: url },
    stdio: 'ignore',
  });
  t.teardown(() => child.kill('SIGKILL'));
  return child;
}

async function end(child: ChildProcess, signal?: NodeJS.Signals): Promise<unknown> {
  const exited = once(child, 'exit');
  if (signal) child.kill(signal);
  const [code] = (await exited) as [unknown];
  return code;
}

function waiting(database: Database, command: string): Promise<number> {
  return until(`${command} waits`, () => lockWaiter(database, command));
}

async function circlesIndex(database: Database) {
  const { rows } = await database.raw<{ rows: { oid: number; valid: boolean }[] }>(
    `select indexrelid as oid, indisvalid as valid from pg_index where indexrelid = to_regclass('circles_name_idx')`,
  );
  return rows[0];
}

const interruptions: Record<
  string,
  (child: ChildProcess, database: Database, pid: number) => Promise<unknown>
> = {
  'kill -9': (child) => end(child, 'SIGKILL'),
  'the loss of its connection': async (child, database, pid) => {
    await database.raw('select pg_terminate_backend(?)', [pid]);
    return end(child);
  },
};

for (const [fault, interrupt] of Object.entries(interruptions)) {
  test(`${fault} leaves nothing of a migration that is half way, and the next start completes it`, async (t) => {
    const { database, url } = await emptyDatabase(t);
    await migrate(database, { source: upTo(first) });
    const before = await structureOf(database);
    const { letGo } = await hold(t, url, 'lock table squares');
    const child = start(t, 'test/helpers/migrate-fixtures.ts', url);
    const pid = await waiting(database, 'alter table squares');
    t.not(await interrupt(child, database, pid), 0);
    await letGo();

    await oneAtATime(database, async () => {
      t.deepEqual(await structureOf(database), before);
      t.deepEqual(await pendingMigrations(database, fixtures), [second, third]);
    });
    t.deepEqual(await migrate(database, { source: fixtures }), [second, third]);
    t.like(await circlesIndex(database), { valid: true });
  });
}

test('kill -9 at any moment leaves whole migrations, and the next start goes on from there', async (t) => {
  const { database, url } = await emptyDatabase(t);
  const structures = await structuresAfterEach(t);
  const done = async () =>
    (await migrationStates(database)).filter(({ doneAt }) => doneAt !== undefined).map(({ name }) => name);
  const names = await projectMigrations.names();
  for (const enough of [0, 3, 6, 9, 12, 15, 18]) {
    const child = start(t, 'dist/migrate.js', url);
    await until(`${enough} are done`, async () => (await done()).length >= enough);
    await pause(Math.random() * (enough === 0 ? 500 : 20));
    await end(child, 'SIGKILL');
    await oneAtATime(database, async () => {
      const here = await done();
      t.deepEqual(here, names.slice(0, here.length));
      const next = await madeOutside(names[here.length], structures, here.length);
      const structure = (await structureOf(database)).filter(({ name }) => !next.has(name));
      t.deepEqual(structure, structures[here.length], `after ${here.length}`);
    });
  }
  t.is(await end(start(t, 'dist/migrate.js', url)), 0);
  t.deepEqual(await done(), names);
  t.deepEqual(await structureOf(database), structures.at(-1));
});

/** What may be there already, or half way, before its migration counts as done: it bears being repeated. */
async function madeOutside(
  migration: string | undefined,
  structures: readonly Part[][],
  done: number,
): Promise<ReadonlySet<string>> {
  if (migration === undefined) return new Set();
  const { config } = await projectMigrations.read(migration);
  if (config?.transaction !== false) return new Set();
  const before = new Set(structures[done]?.map(({ name }) => name));
  const after = structures[done + 1]?.map(({ name }) => name) ?? [];
  return new Set(after.filter((name) => !before.has(name)));
}

/** Of the project's own migrations, from none to all. */
async function structuresAfterEach(t: ExecutionContext): Promise<Part[][]> {
  const { database } = await emptyDatabase(t);
  const structures = [await structureOf(database)];
  for (const name of await projectMigrations.names()) {
    await migrate(database, { source: upTo(name, projectMigrations) });
    structures.push(await structureOf(database));
  }
  return structures;
}

/** An index that does not come about, because a transaction goes on that has written to its table. */
async function stuckIndex(t: ExecutionContext) {
  const { database, url } = await emptyDatabase(t);
  await migrate(database, { source: upTo(second) });
  const { letGo } = await hold(t, url, `insert into circles values (0, 'not yet there')`);
  return { database, url, letGo, isBegun: () => until('the index is begun', () => circlesIndex(database)) };
}

/** The processes within PostgreSQL that are in a transaction, but for the one that looks. */
async function inTransaction(database: Database): Promise<number[]> {
  const { rows } = await database.raw<{ rows: { pid: number }[] }>(`
    select pid from pg_stat_activity
     where datname = current_database() and xact_start is not null and pid <> pg_backend_pid()`);
  return rows.map(({ pid }) => pid);
}

/** Migrates, and goes on once that waits in no transaction. Of `database`, a connection has to be free. */
async function migrateLater(
  database: Database,
  own: Database,
): Promise<{ migrating: ReturnType<typeof migrate> }> {
  const others = await inTransaction(database);
  let waits = false;
  const migrating = migrate(own, { source: fixtures, onWait: () => (waits = true) });
  await until('it waits', () => waits);
  await until('who waits is in no transaction', async () =>
    (await inTransaction(database)).every((pid) => others.includes(pid)),
  );
  // By itself, the promise would be waited for.
  return { migrating };
}

test('whoever waits for another instance ends each try, or its index would wait for them as they do for it', async (t) => {
  const { database, url } = await emptyDatabase(t);
  const own = connectForMigrations(url);
  t.teardown(() => own.destroy());
  const { migrating } = await oneAtATime(database, () => migrateLater(database, own));
  t.deepEqual(await migrating, [first, second, third]);
});

test('an index whose migration is killed is waited for, and kept', async (t) => {
  const { database, url, letGo, isBegun } = await stuckIndex(t);
  const child = start(t, 'test/helpers/migrate-fixtures.ts', url);
  const begun = await isBegun();
  t.false(begun.valid);
  await end(child, 'SIGKILL');
  const { migrating } = await migrateLater(database, database);
  await letGo();
  t.deepEqual(await migrating, [third]);
  t.deepEqual(await circlesIndex(database), { oid: begun.oid, valid: true });
});

test('an index that was cut off is invalid, and the next start builds it anew', async (t) => {
  const { database, url, letGo, isBegun } = await stuckIndex(t);
  const child = start(t, 'test/helpers/migrate-fixtures.ts', url);
  const { oid } = await isBegun();
  const pid = await waiting(database, 'create index concurrently');
  t.not(await interruptions['the loss of its connection']?.(child, database, pid), 0);
  await letGo();
  t.deepEqual(await circlesIndex(database), { oid, valid: false });
  t.deepEqual(await pendingMigrations(database, fixtures), [third]);
  t.deepEqual(await migrate(database, { source: fixtures }), [third]);
  const built = await circlesIndex(database);
  t.like(built, { valid: true });
  t.not(built?.oid, oid);
});

test('a migration outside transactions whose lock is lost counts once, by whoever comes after it', async (t) => {
  const { database, url, letGo, isBegun } = await stuckIndex(t);
  const own = connectForMigrations(url);
  t.teardown(() => own.destroy());
  const cutOff = t.throwsAsync(() => migrate(own, { source: fixtures }));
  await isBegun();
  await database.raw(`
    select pg_terminate_backend(pid) from pg_locks
     where locktype = 'advisory' and granted and database = (select oid from pg_database where datname = current_database())`);
  const next = migrate(database, { source: fixtures });
  await letGo();
  await cutOff;
  t.deepEqual(await next, [third]);
  t.deepEqual(await database('knex_migrations').orderBy('id').pluck('name'), [first, second, third]);
  t.like(await circlesIndex(database), { valid: true });
});

test('a migration that finds its table in use waits in short tries, and traffic goes on', async (t) => {
  const { database, url } = await emptyDatabase(t);
  await migrate(database, { source: upTo(first) });
  const reader = await hold(t, url, 'select from circles');
  let waits = 0;
  const migrating = migrate(database, {
    source: upTo(second),
    patience: { lockTimeout: 100, pause: 100, tries: 10_000 },
    onWait: () => (waits += 1),
  });
  await until('it waits', () => waits > 0);
  for (let id = 2_001; id <= 2_020 || waits < 3; id += 1)
    await database('circles').insert({ id, name: 'new' });
  await reader.letGo();
  t.deepEqual(await migrating, [second]);
});

test('a migration whose table stays in use says so in the end, and has changed nothing', async (t) => {
  const { database, url } = await emptyDatabase(t);
  await migrate(database, { source: upTo(first) });
  const before = await structureOf(database);
  await hold(t, url, 'select from squares');
  const patience = { lockTimeout: 50, pause: 10, tries: 2 };
  await t.throwsAsync(() => migrate(database, { source: fixtures, patience }), {
    name: 'MigrationError',
    message:
      /^A table that is to be changed was in use 2 times for 50 ms each\. Nothing was changed\. .+pg_stat_activity/,
  });
  t.deepEqual(await structureOf(database), before);
  t.deepEqual(await pendingMigrations(database, fixtures), [second, third]);
});
