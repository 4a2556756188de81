import { setTimeout as wait } from 'node:timers/promises';
import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { isUnavailable, NoConnection } from '../../core/database-errors.ts';
import { reasonOf } from '../../core/logger.ts';
import { pendingMigrations } from '../../core/migrate.ts';
import type { Schema } from '../../core/schema.ts';

type Checks = Schema<'ReadinessChecks'>;

/** In milliseconds: whoever asks has to decide soon where else to send requests. */
const patience = 2_000;
/** However many ask, they take no more than one connection from those who have work to do. */
const underWay = new WeakMap<Database, Promise<Checks>>();

/** Whether the service could answer a request that needs the database. */
export async function getReadiness({ database, logger, stopping }: Context): Promise<Schema<'Readiness'>> {
  const checks = await (underWay.get(database) ?? startChecks(database)).catch((error: unknown): Checks => {
    if (!isUnavailable(error)) throw error;
    logger.warn({ error: reasonOf(error) }, 'not ready');
    return { database: 'unavailable', migrations: 'unknown' };
  });
  const isReady = !stopping.aborted && checks.database === 'ok' && checks.migrations === 'ok';
  return { status: isReady ? 'ready' : 'unavailable', checks };
}

function startChecks(database: Database): Promise<Checks> {
  const tooLate = wait(patience, undefined, { ref: false }).then(() => {
    throw new NoConnection(`The database has not answered for ${patience} ms.`);
  });
  const started = Promise.race([check(database), tooLate]).finally(() => underWay.delete(database));
  underWay.set(database, started);
  return started;
}

async function check(database: Database): Promise<Checks> {
  return { database: 'ok', migrations: (await pendingMigrations(database)).length === 0 ? 'ok' : 'pending' };
}
