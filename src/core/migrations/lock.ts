import type { Knex } from 'knex';
import type { Database } from '../database.ts';

/** Any fixed number: whoever holds this advisory lock is the one instance that migrates. */
const lock = 7_478_010_347;

/**
 * Held until the transaction ends, also through a pooler, and however it ends: a killed instance's lock goes with it.
 * @param onWait called when another instance has it
 */
export async function takeLock(transaction: Knex.Transaction, onWait?: () => void): Promise<void> {
  // It may wait as long as the other instance works, and is idle while its own work goes on elsewhere.
  await transaction.raw(
    'set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0',
  );
  const { rows } = await transaction.raw<{ rows: [{ taken: boolean }] }>(
    'select pg_try_advisory_xact_lock(?) as taken',
    [lock],
  );
  if (rows[0].taken) return;
  onWait?.();
  await transaction.raw('select pg_advisory_xact_lock(?)', [lock]);
}

/** Runs `work` on one instance at a time, of however many are starting. */
export function oneAtATime<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  return database.transaction(async (transaction) => {
    await takeLock(transaction);
    return work();
  });
}
