import type { Database } from '../../src/core/database.ts';

/**
 * The process within PostgreSQL that waits for a lock, if one does, while it does what begins like this.
 * Advisory locks don't count.
 *
 * Not to be asked within a transaction, in which `pg_stat_activity` stays as it was first seen.
 */
export async function lockWaiter(database: Database, command = ''): Promise<number | undefined> {
  const { rows } = await database.raw<{ rows: { pid: number }[] }>(
    `select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'
        and wait_event <> 'advisory' and starts_with(query, ?)`,
    [command],
  );
  return rows[0]?.pid;
}
