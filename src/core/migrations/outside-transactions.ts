import type { Database } from '../database.ts';
import type { Migration } from './source.ts';

/** A migration that may not run in a transaction, as one that leaves the transaction it is given alone. */
export function outsideTransactions(migration: Migration, database: Database): Migration {
  const run = (direction: 'up' | 'down') => async () => {
    await dropInvalidIndexes(database);
    await migration[direction](database);
    const [invalid] = await invalidIndexes(database);
    if (invalid !== undefined) throw new Error(`The index ${invalid} was left invalid.`);
  };
  return { up: run('up'), down: run('down') };
}

/** What a killed `create index concurrently` leaves behind: nobody reads it, and `if not exists` would keep it. */
async function dropInvalidIndexes(database: Database): Promise<void> {
  for (const name of await invalidIndexes(database)) await database.raw('drop index concurrently ??', [name]);
}

/** By whoever it is, in this database. */
export async function isIndexBeingBuilt(database: Database): Promise<boolean> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    'select from pg_stat_progress_create_index where datname = current_database()',
  );
  return rows.length > 0;
}

async function invalidIndexes(database: Database): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { relname: string }[] }>(`
    select relname from pg_index join pg_class on pg_class.oid = indexrelid
     where not indisvalid and relkind = 'i' and relnamespace = current_schema()::regnamespace`);
  return rows.map(({ relname }) => relname);
}
