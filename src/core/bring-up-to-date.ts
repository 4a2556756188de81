import { nativeCode } from './database-errors.ts';
import { grantUse } from './grant-use.ts';
import { migrate, pendingMigrations, type MigrationOptions } from './migrate.ts';
import { MigrationError } from './migrations/migration-error.ts';
import { asOwner, type OpenDatabase } from './open-database.ts';
import { SettingError } from './settings.ts';

const insufficientPrivilege = '42501';

/**
 * Runs what is pending, as the owner if one is named; the service itself then works with no more rights than it needs.
 * Where nothing is pending, it needs no right to change anything.
 * @returns the names of what ran here
 * @throws {SettingError} where something is pending that the user may not run
 * @throws {MigrationError}
 */
export async function bringUpToDate(
  open: OpenDatabase,
  ownerUrl: string | undefined,
  options: MigrationOptions = {},
): Promise<string[]> {
  const { database } = open;
  try {
    return await asOwner(open, ownerUrl, async (owner) => {
      const ran = await migrate(owner, options);
      if (ownerUrl !== undefined && ownerUrl !== open.url) await grantUse(owner, database);
      return ran;
    });
  } catch (error) {
    const cause = error instanceof MigrationError ? error.cause : error;
    if (nativeCode(cause) !== insufficientPrivilege) throw error;
    const pending = await pendingMigrations(database);
    throw new SettingError(
      `The user that this service has may not change the database, and is to run ${pending.join(', ')}. ` +
        'Please let MIGRATION_DATABASE_URL name the owner, here or for a run of its own before: npm run db:migrate, or node dist/migrate.js where there is no npm.',
      { cause },
    );
  }
}
