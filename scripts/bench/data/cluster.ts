import { mkdirSync } from 'node:fs';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectForMigrations } from '../../../src/core/database.ts';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../../../src/core/embedded-database.ts';
import { migrate } from '../../../src/core/migrate.ts';
import type { Size } from './options.ts';

/** A PostgreSQL that keeps data of this size, apart from what the service itself keeps. */
export async function startDataCluster({ users, projects, grants }: Size): Promise<EmbeddedDatabase> {
  const name = `data-${users}-${projects}-${grants}`;
  const directory = fileURLToPath(new URL(`../../../dist/bench/${name}/`, import.meta.url));
  mkdirSync(directory, { recursive: true });
  const cluster = await startEmbeddedDatabase({ directory, durable: false });
  return { ...cluster, dataDirectory: relative('', directory) };
}

/** Brings the tables up to date. */
export async function migrateAt(url: string): Promise<void> {
  const database = connectForMigrations(url);
  try {
    await migrate(database);
  } finally {
    await database.destroy();
  }
}
