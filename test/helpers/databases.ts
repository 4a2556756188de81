import { randomUUID } from 'node:crypto';
import { connectForMigrations, type Database } from '../../src/core/database.ts';
import { migrate } from '../../src/core/migrate.ts';
import { queryAt } from './query.ts';

export interface TestDatabase {
  readonly name: string;
  readonly url: string;
  readonly drop: () => Promise<void>;
}

const laterColumn = 'of_a_later_version';

/** A migrated and seeded database to copy from, as a later version has left it: each table has a column that nobody knows. */
export async function createTemplate(clusterUrl: string): Promise<TestDatabase> {
  const template = await create(clusterUrl, '');
  const database = connectForMigrations(template.url);
  await migrate(database);
  await alterTables(database, `add column ${laterColumn} text`);
  await database.destroy();
  return template;
}

/** Lets it be as this version's migrations leave it. */
export function withoutLaterColumns(database: Database): Promise<void> {
  return alterTables(database, `drop column ${laterColumn}`);
}

async function alterTables(database: Database, change: string): Promise<void> {
  const tables = await database('pg_tables')
    .where('schemaname', 'public')
    .whereNot('tablename', 'like', 'knex%')
    .pluck<string[]>('tablename');
  await database.raw(tables.map((table) => `alter table ${table} ${change}`).join('; '));
}

/** A database of one's own, as the migrations leave it. */
export function createTestDatabase(): Promise<TestDatabase> {
  return create(fromRunner('TEST_DATABASE_URL'), `template ${fromRunner('TEST_TEMPLATE')}`);
}

/** A database without anything in it. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return create(fromRunner('TEST_DATABASE_URL'), '');
}

async function create(clusterUrl: string, source: string): Promise<TestDatabase> {
  const name = `tripod_test_${randomUUID().replaceAll('-', '')}`;
  await queryAt(clusterUrl, `create database ${name} ${source}`);
  const url = new URL(clusterUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: async () => {
      await queryAt(clusterUrl, `drop database ${name} with (force)`);
    },
  };
}

/** @throws {Error} when the test was not started by `npm test` */
export function fromRunner(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is unset: please run \`npm test -- <file>\``);
  return value;
}
