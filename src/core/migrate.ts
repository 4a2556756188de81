import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import pg from 'pg';
import type { Database } from './database.ts';

/** Any fixed number: whoever holds this advisory lock is the one instance that migrates. */
const migrationLock = 7_478_010_347;

export const migrations: Knex.MigratorConfig = {
  directory: fileURLToPath(new URL('../../migrations', import.meta.url)),
  loadExtensions: ['.js'],
};

/** Runs `work` while no other instance runs its own; a killed instance's lock ends with its connection. */
export async function withMigrationLock<Result>(url: string, work: () => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    return await work();
  } finally {
    await client.end();
  }
}

/** Call under the migration lock. Answers the names of the migrations that ran. */
export async function migrate(database: Database): Promise<string[]> {
  await database.migrate.forceFreeMigrationsLock(migrations);
  const [, names] = (await database.migrate.latest(migrations)) as [number, string[]];
  return names;
}

export async function pendingMigrations(database: Database): Promise<number> {
  const [, pending] = (await database.migrate.list(migrations)) as [unknown[], unknown[]];
  return pending.length;
}
