import type { Database } from './database.ts';
import { oneAtATime } from './migrations/lock.ts';
import { SettingError } from './settings.ts';

/**
 * Lets the service's own role work with what the owner has just migrated: all of it, but of audit events only to add and to
 * read them.
 * @throws {SettingError} when the two are connected to different databases
 */
export async function grantUse(owner: Database, service: Database): Promise<void> {
  const [owning, serving] = [await whereabouts(owner), await whereabouts(service)];
  if (owning.database !== serving.database)
    throw new SettingError('MIGRATION_DATABASE_URL must name the same database as DATABASE_URL.');
  if (owning.role === serving.role) return;

  const names = { schema: owning.schema, role: serving.role };
  await oneAtATime(owner, async () => {
    for (const grant of [
      'grant usage on schema :schema: to :role:',
      'grant select, insert, update, delete on all tables in schema :schema: to :role:',
      'grant usage, select on all sequences in schema :schema: to :role:',
      'revoke update, delete on :schema:.audit_events from :role:',
    ])
      await owner.raw(grant, names);
  });
}

interface Whereabouts {
  readonly database: string;
  readonly schema: string;
  readonly role: string;
}

async function whereabouts(database: Database): Promise<Whereabouts> {
  const { rows } = await database.raw<{ rows: [Whereabouts] }>(
    'select current_database() as database, current_schema() as schema, current_user as role',
  );
  return rows[0];
}
