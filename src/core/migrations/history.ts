import type { Database } from '../database.ts';
import { projectMigrations, type MigrationSource } from './source.ts';

export interface MigrationState {
  readonly name: string;
  /** RFC 3339; undefined while it is pending. */
  readonly doneAt: string | undefined;
  /** False for what a later version has done: this one goes on without it. */
  readonly isKnown: boolean;
}

/** All that are here or have been done, in the order of their names. Only reads. */
export async function migrationStates(
  database: Database,
  source: MigrationSource = projectMigrations,
): Promise<MigrationState[]> {
  const known = new Set(await source.names());
  const doneAt = new Map((await doneMigrations(database)).map((done) => [done.name, done.migration_time]));
  return [...new Set([...known, ...doneAt.keys()])]
    .sort()
    .map((name) => ({ name, doneAt: doneAt.get(name), isKnown: known.has(name) }));
}

export async function pendingMigrations(database: Database, source?: MigrationSource): Promise<string[]> {
  const states = await migrationStates(database, source);
  return states.filter(({ doneAt }) => doneAt === undefined).map(({ name }) => name);
}

interface Done {
  readonly name: string;
  readonly migration_time: string;
}

async function doneMigrations(database: Database): Promise<Done[]> {
  // A database that nobody has migrated yet has none of knex's tables either.
  if (!(await database.schema.hasTable('knex_migrations'))) return [];
  return database<Done>('knex_migrations').select('name', 'migration_time');
}
