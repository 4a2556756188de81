import { connectForMigrations, type Database } from '../../src/core/database.ts';
import { migrate, rollBack } from '../../src/core/migrate.ts';
import type { Migration, MigrationSource } from '../../src/core/migrations/source.ts';
import { heldTables, observeTables, rewrittenTables, type Held } from './observe.ts';
import { structureOf, type Part } from './structure.ts';

/** What a migration does to tables that hold rows. */
export interface Rehearsal {
  readonly before: readonly Part[];
  readonly after: readonly Part[];
  readonly held: readonly Held[];
  readonly rewritten: readonly string[];
  /** The most rows that a statement outside transactions changed. */
  readonly mostChanged: number;
  /** What `down` and `up` again did not leave as it was, a line each. */
  readonly notReversed: readonly string[];
  /** Of a migration outside transactions: why it cannot be done again after it was cut off. */
  readonly notRepeatable: string | undefined;
}

/**
 * Runs a migration for the first time, and then down and up again.
 * @param source ends with the migration
 * @throws {MigrationError} when it fails
 */
export async function rehearse(
  database: Database,
  url: string,
  source: MigrationSource,
  migration: Migration,
): Promise<Rehearsal> {
  await observeTables(database);
  const before = await structureOf(database);
  const { mostChanged } = await runWatched(url, watched(source));
  const [held, rewritten] = [await heldTables(database), await rewrittenTables(database)];
  const after = await structureOf(database);

  const isOutside = migration.config?.transaction === false;
  const notRepeatable = isOutside ? await repeat(database, source) : undefined;
  await rollBack(database, { source });
  const notReversed = difference(before, await structureOf(database));
  if (notReversed.length === 0) {
    await migrate(database, { source });
    notReversed.push(...difference(after, await structureOf(database)));
  }
  return { before, after, held, rewritten, mostChanged, notReversed, notRepeatable };
}

/** Connections of its own, for PostgreSQL counts what a connection has read from its start. */
async function runWatched(url: string, source: MigrationSource): Promise<{ mostChanged: number }> {
  const database = connectForMigrations(url);
  let mostChanged = 0;
  database.on('query-response', (_rows: unknown, { response }: { response: unknown }) => {
    for (const { command, rowCount } of [response].flat() as { command?: string; rowCount?: number }[])
      if (command === 'UPDATE' || command === 'DELETE') mostChanged = Math.max(mostChanged, rowCount ?? 0);
  });
  try {
    await migrate(database, { source });
    return { mostChanged };
  } finally {
    await database.destroy();
  }
}

/** A transaction has to look at what it holds before it ends. */
function watched(source: MigrationSource): MigrationSource {
  return {
    ...source,
    read: async (name) => {
      const migration = await source.read(name);
      if (migration.config?.transaction === false) return migration;
      return {
        ...migration,
        up: async (knex) => {
          await migration.up(knex);
          await knex.raw('select lint.observe()');
        },
      };
    },
  };
}

/** As after a run that was killed just before it was written down. */
async function repeat(database: Database, source: MigrationSource): Promise<string | undefined> {
  const name = (await source.names()).at(-1);
  await database('knex_migrations').where({ name }).delete();
  try {
    await migrate(database, { source });
    return undefined;
  } catch (error) {
    await database('knex_migrations').insert({ name, batch: 1, migration_time: database.fn.now() });
    return (error as Error).message;
  }
}

function difference(expected: readonly Part[], actual: readonly Part[]): string[] {
  const lines = (parts: readonly Part[]) =>
    new Set(parts.map(({ kind, name, what }) => `${kind} ${name} ${what}`));
  const [wanted, found] = [lines(expected), lines(actual)];
  return [
    ...[...wanted].filter((line) => !found.has(line)).map((line) => `missing: ${line}`),
    ...[...found].filter((line) => !wanted.has(line)).map((line) => `left: ${line}`),
  ];
}
