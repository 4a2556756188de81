import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Database } from '../database.ts';

/** Any fixed number: whoever holds this advisory lock is the one instance that migrates. */
const lock = 7_478_010_347;

/** In milliseconds. */
const between = 50;

/**
 * Held until the transaction ends, also through a pooler, and however it ends: a killed instance's lock goes with it.
 * @param onWait called when another instance has it
 */
export async function takeLock(transaction: Knex.Transaction, onWait?: () => void): Promise<void> {
  // It may wait as long as the other instance works, and is idle while its own work goes on elsewhere.
  await transaction.raw(
    'set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0',
  );
  for (let isFirst = true; !(await tryToTake(transaction)); isFirst = false) {
    if (isFirst) onWait?.();
    await pause(between);
  }
}

/**
 * `create index concurrently` waits for every snapshot that is older than its own: a statement that waited for the lock would
 * hold one, and so would one with parameters, whose portal stays open.
 */
async function tryToTake(transaction: Knex.Transaction): Promise<boolean> {
  const { rows } = await transaction.raw<{ rows: [{ taken: boolean }] }>(
    `select pg_try_advisory_xact_lock(${lock}) as taken`,
  );
  return rows[0].taken;
}

/** Runs `work` on one instance at a time, of however many are starting. */
export function oneAtATime<Result>(database: Database, work: () => Promise<Result>): Promise<Result> {
  return database.transaction(async (transaction) => {
    await takeLock(transaction);
    return work();
  });
}
