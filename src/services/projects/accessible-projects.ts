import type { Database } from '../../core/database.ts';

/** The projects that the user has a role in, whatever else they are. */
export function accessibleProjectIds(database: Database, userId: string) {
  return database('project_roles').select('project_id').where('user_id', userId);
}
