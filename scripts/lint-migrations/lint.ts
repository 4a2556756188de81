import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { connectForMigrations, type Database } from '../../src/core/database.ts';
import { migrate } from '../../src/core/migrate.ts';
import { MigrationError } from '../../src/core/migrations/migration-error.ts';
import { migrationsIn, type MigrationSource } from '../../src/core/migrations/source.ts';
import { fileName } from './file-name.ts';
import { prepareToObserve } from './observe.ts';
import { rehearse } from './rehearse.ts';
import { fillTables } from './rows.ts';
import { refusalsOf, type Refusal } from './rules.ts';
import type { RunningVersion } from './running-version.ts';

export interface Finding extends Refusal {
  readonly migration: string;
}

/**
 * Tries what the running version does not have, one after the other, on tables that hold rows.
 * @param startCluster gives a PostgreSQL where databases can be made by a superuser; called when something is to be tried
 * @returns why they may not land
 */
export async function lintMigrations(
  root: string,
  running: RunningVersion,
  startCluster: () => Promise<string>,
): Promise<Finding[]> {
  const source = migrationsIn(join(root, 'migrations'));
  const names = await source.names();
  const fresh = names.filter((name) => !running.migrations.includes(name));
  const misplaced = [...changed(running), ...misnamed(fresh, running)];
  if (misplaced.length > 0 || fresh.length === 0) return misplaced;
  return withScratchDatabase(await startCluster(), (database, url) =>
    rehearseAll(database, url, source, fresh, running),
  );
}

function changed(running: RunningVersion): Finding[] {
  return running.changed.map((migration) => ({
    migration,
    rule: 'released',
    message:
      'is released, and no database runs it again. Leave it as it is, and write a new one: npm run db:make.',
  }));
}

function misnamed(fresh: readonly string[], running: RunningVersion): Finding[] {
  const last = [...running.migrations].sort().at(-1) ?? '';
  return fresh.flatMap((migration) => {
    if (!fileName.test(migration))
      return {
        migration,
        rule: 'name',
        message: 'is not named like 20260131090507_what_is_new.js: npm run db:make names it.',
      };
    if (migration > last) return [];
    return {
      migration,
      rule: 'order',
      message: `has to come after ${last}, which is released. Please give it a later time.`,
    };
  });
}

async function rehearseAll(
  database: Database,
  url: string,
  source: MigrationSource,
  fresh: readonly string[],
  running: RunningVersion,
): Promise<Finding[]> {
  const upTo = (isIn: (name: string) => boolean): MigrationSource => ({
    ...source,
    names: async () => (await source.names()).filter(isIn),
  });
  await migrate(database, { source: upTo((name) => running.migrations.includes(name)) });
  await prepareToObserve(database);
  const findings: Finding[] = [];
  for (const migration of fresh) {
    await fillTables(database);
    try {
      const rehearsal = await rehearse(
        database,
        url,
        upTo((name) => name <= migration),
        await source.read(migration),
      );
      for (const refusal of await refusalsOf(rehearsal, running)) findings.push({ migration, ...refusal });
      if (rehearsal.notReversed.length > 0) break;
    } catch (error) {
      if (!(error instanceof MigrationError)) throw error;
      // Those that come after it have nothing to stand on.
      findings.push({
        migration,
        rule: 'failure',
        message: `fails on tables that hold rows: ${error.message}`,
      });
      break;
    }
  }
  return findings;
}

async function withScratchDatabase<Result>(
  clusterUrl: string,
  use: (database: Database, url: string) => Promise<Result>,
): Promise<Result> {
  const name = `tripod_lint_${randomUUID().replaceAll('-', '')}`;
  const url = Object.assign(new URL(clusterUrl), { pathname: `/${name}` }).href;
  const cluster = connectForMigrations(clusterUrl, 1);
  await cluster.raw('create database ??', [name]);
  const database = connectForMigrations(url);
  try {
    return await use(database, url);
  } finally {
    await database.destroy();
    await cluster.raw('drop database ?? with (force)', [name]);
    await cluster.destroy();
  }
}
