import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Knex } from 'knex';

type Run = (knex: Knex) => PromiseLike<unknown>;

/** What a file in `migrations/` exports. */
export interface Migration {
  readonly up: Run;
  readonly down: Run;
  /** `transaction: false` for what PostgreSQL refuses in one, or what takes long: it then has to bear being repeated. */
  readonly config?: { readonly transaction?: boolean };
}

export interface MigrationSource {
  /** In their order. */
  readonly names: () => Promise<string[]>;
  readonly read: (name: string) => Promise<Migration>;
}

export function migrationsIn(directory: string): MigrationSource {
  return {
    names: async () => (await readdir(directory)).filter((name) => name.endsWith('.js')).sort(),
    read: async (name) => (await import(pathToFileURL(join(directory, name)).href)) as Migration,
  };
}

export const migrationsDirectory = fileURLToPath(new URL('../../../migrations', import.meta.url));

export const projectMigrations = migrationsIn(migrationsDirectory);
