import type { Database } from '../../core/database.ts';
import { conflict, notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';

/**
 * The user's own access to the project, which nobody else changes or takes back until the transaction ends: of two managers
 * who leave at once, the second sees that the first has gone.
 * @throws {Problem} 404 for a user without a grant and for an unknown project alike: whoever asks may be a stranger to it
 */
export async function lockUserAccess(
  transaction: Database,
  project_id: string,
  user_id: string,
): Promise<ProjectUserAccess> {
  await Project.query(transaction).select('id').findById(project_id).forNoKeyUpdate();
  const access = await ProjectUserAccess.query(transaction).findOne({ project_id, user_id });
  return access ?? Promise.reject(noSuchAccess());
}

/**
 * Only a platform admin may take the last manager of its own from a project; one whose account is inactive manages nothing.
 * @throws {Problem} 409 LAST_MANAGER
 */
export async function refuseForLastManager(
  transaction: Database,
  caller: Schema<'User'>,
  { project_id, user_id, role }: ProjectUserAccess,
): Promise<void> {
  if (role !== 'manager' || caller.is_platform_admin) return;
  const another = await ProjectUserAccess.query(transaction)
    .join('users', 'users.id', 'project_user_access.user_id')
    .findOne({ project_id, role: 'manager', is_active: true })
    .whereNot({ user_id });
  if (!another) throw conflict('LAST_MANAGER', 'The project needs another manager first.');
}

export function noSuchAccess() {
  return notFound('This user has no access of their own to the project.');
}
