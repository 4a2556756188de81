import { setTimeout as pause } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { Database } from '../database.ts';

/** Any fixed number: whoever holds this advisory lock is the one instance that migrates. */
const lock = 7_478_010_347;

/** In milliseconds. */
const between = 50;

interface Turn {
  /** Asked by whoever has the lock; who is not ready lets go of it, and tries again. */
  readonly isReady?: (transaction: Knex.Transaction) => Promise<boolean>;
  /** Called once, where it cannot begin at once. */
  readonly onWait?: () => void;
}

/**
 * Runs `work` on one instance at a time, of however many are starting, also through a pooler. The lock is the transaction's: it is
 * held until `work` is done, and goes with an instance that is killed.
 *
 * Each try is a transaction of its own. `create index concurrently` waits for the end of any that it sees with a snapshot: one
 * that tried again and again, met in the middle of a try, would wait for that index as the index would wait for it, and
 * PostgreSQL could not tell.
 */
export async function oneAtATime<Result>(
  database: Database,
  work: (transaction: Knex.Transaction) => Promise<Result>,
  { isReady = () => Promise.resolve(true), onWait }: Turn = {},
): Promise<Result> {
  const attempt = () =>
    database.transaction(async (transaction) => {
      const isMine = (await tryToTake(transaction)) && (await isReady(transaction));
      if (!isMine) return undefined;
      // It is idle while its work goes on elsewhere.
      await transaction.raw(
        'set local statement_timeout = 0; set local lock_timeout = 0; set local idle_in_transaction_session_timeout = 0',
      );
      return { result: await work(transaction) };
    });
  for (let isFirst = true; ; isFirst = false) {
    const done = await attempt();
    if (done) return done.result;
    if (isFirst) onWait?.();
    await pause(between);
  }
}

/** A statement with parameters would leave its portal open, and so a snapshot for which an index of one's own would wait. */
async function tryToTake(transaction: Knex.Transaction): Promise<boolean> {
  const { rows } = await transaction.raw<{ rows: [{ taken: boolean }] }>(
    `select pg_try_advisory_xact_lock(${lock}) as taken`,
  );
  return rows[0].taken;
}
