import type { Context } from '../../core/context.ts';
import { isUnavailable } from '../../core/database-errors.ts';
import { reasonOf } from '../../core/logger.ts';
import { pendingMigrations } from '../../core/migrate.ts';
import type { Schema } from '../../core/schema.ts';

/** Whether the service could answer a request that needs the database. */
export async function getReadiness({ database, logger }: Context): Promise<Schema<'Readiness'>> {
  try {
    const migrations = (await pendingMigrations(database)).length === 0 ? 'ok' : 'pending';
    return { status: migrations === 'ok' ? 'ready' : 'unavailable', checks: { database: 'ok', migrations } };
  } catch (error) {
    if (!isUnavailable(error)) throw error;
    logger.warn({ error: reasonOf(error) }, 'not ready');
    return { status: 'unavailable', checks: { database: 'unavailable', migrations: 'unknown' } };
  }
}
