import type { Knex } from 'knex';
import type { Database } from './database.ts';
import { migrationStates, pendingMigrations } from './migrations/history.ts';
import { oneAtATime } from './migrations/lock.ts';
import { MigrationError } from './migrations/migration-error.ts';
import { isIndexBeingBuilt, outsideTransactions } from './migrations/outside-transactions.ts';
import { patience as usualPatience, patiently, type Patience } from './migrations/patience.ts';
import { projectMigrations, type Migration, type MigrationSource } from './migrations/source.ts';

export { pendingMigrations } from './migrations/history.ts';

export interface MigrationOptions {
  readonly source?: MigrationSource;
  readonly patience?: Patience;
  readonly onDone?: (name: string, milliseconds: number) => void;
  readonly onWait?: (reason: string) => void;
}

/** What holds locks may not take longer, in milliseconds. */
const statementTimeout = 60_000;

/**
 * Runs what is pending, however many instances do so at once.
 * @returns the names of what ran here
 * @throws {MigrationError} nothing of the migration that failed has happened, unless it runs outside transactions
 */
export async function migrate(database: Database, options: MigrationOptions = {}): Promise<string[]> {
  const ran: string[] = [];
  while ((await pendingMigrations(database, options.source)).length > 0) {
    const name = await step(database, 'up', options);
    // Another instance may have been faster.
    if (name !== undefined) ran.push(name);
  }
  return ran;
}

/**
 * Takes back the last migration.
 * @returns its name, or undefined where there is none
 * @throws {MigrationError}
 */
export async function rollBack(
  database: Database,
  options: MigrationOptions = {},
): Promise<string | undefined> {
  const unknown = (await migrationStates(database, options.source)).find(({ isKnown }) => !isKnown);
  if (unknown !== undefined)
    throw new MigrationError(
      `${unknown.name} was done by a later version of this service: please roll it back with that version first.`,
    );
  return step(database, 'down', options);
}

/** One migration, in the transaction that holds the lock and that writes down that it is done. */
async function step(
  database: Database,
  direction: 'up' | 'down',
  { source = projectMigrations, patience = usualPatience, onDone, onWait }: MigrationOptions,
): Promise<string | undefined> {
  let start = 0;
  const run = async (transaction: Knex.Transaction) => {
    await transaction.raw(
      `set local lock_timeout = ${patience.lockTimeout}; set local statement_timeout = ${statementTimeout}`,
    );
    start = performance.now();
    const [, [name]] = (await transaction.migrate[direction]({
      migrationSource: forKnex(source, database),
      // A version that is older than the database still starts: that is what lets a deployment go back.
      disableMigrationsListValidation: true,
    })) as [number, string[]];
    return name;
  };
  const attempt = () =>
    oneAtATime(database, run, {
      // PostgreSQL goes on with what a killed instance asked for.
      isReady: async (transaction) => !(await isIndexBeingBuilt(transaction)),
      onWait: () => onWait?.('another instance migrates, or an index is being built'),
    });
  const name = await patiently(patience, attempt, (reason) => onWait?.(reason));
  if (name !== undefined) onDone?.(name, performance.now() - start);
  return name;
}

function forKnex({ names, read }: MigrationSource, database: Database): Knex.MigrationSource<string> {
  return {
    getMigrations: names,
    getMigrationName: (name) => name,
    getMigration: async (name) => {
      const migration = await read(name);
      const isOutside = migration.config?.transaction === false;
      return named(name, isOutside ? outsideTransactions(migration, database) : migration);
    },
  };
}

/** Its failure says which it was. */
function named(name: string, { up, down }: Migration): Migration {
  const naming =
    (run: Migration['up']): Migration['up'] =>
    async (knex) => {
      try {
        await run(knex);
      } catch (cause) {
        throw new MigrationError(`Migration ${name} failed: ${(cause as Error).message}`, { cause });
      }
    };
  return { up: naming(up), down: naming(down) };
}
