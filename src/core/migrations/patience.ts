import { setTimeout as pause } from 'node:timers/promises';
import { nativeCode } from '../database-errors.ts';
import { MigrationError } from './migration-error.ts';

/** Whoever waits for a table's lock holds up all that come after, so it waits briefly and often. In milliseconds. */
export interface Patience {
  readonly lockTimeout: number;
  readonly pause: number;
  readonly tries: number;
}

/** A minute and a half. */
export const patience: Patience = { lockTimeout: 1_000, pause: 2_000, tries: 30 };

/** Lock timeout and deadlock: nothing was done, and it may work the next time. */
const worthTrying = new Set(['55P03', '40P01']);

/**
 * @param onWait called before each further try
 * @throws {MigrationError} after the last one
 */
export async function patiently<Result>(
  { lockTimeout, tries, pause: between }: Patience,
  work: () => Promise<Result>,
  onWait: (reason: string) => void,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      const cause = error instanceof MigrationError ? error.cause : error;
      if (!worthTrying.has(nativeCode(cause) ?? '')) throw error;
      if (attempt === tries)
        throw new MigrationError(
          `A table that is to be changed was in use ${tries} times for ${lockTimeout} ms each. Nothing was changed. ` +
            'Please look in pg_stat_activity for a transaction that lasts long, end it, and migrate again.',
          { cause },
        );
      onWait(`a table is in use; try ${attempt + 1} of ${tries} in ${between} ms`);
      await pause(between);
    }
  }
}
