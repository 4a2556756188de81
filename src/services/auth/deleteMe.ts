import { inTransaction, type Context } from '../../core/context.ts';
import { conflict } from '../../core/errors.ts';
import { Project } from '../../models/project.ts';
import { ProjectOrganizationAccess } from '../../models/project-organization-access.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';
import { User } from '../../models/user.ts';
import { deleteAccount } from '../users/delete-account.ts';

export async function deleteMe(context: Context, userId: string): Promise<void> {
  await inTransaction(context, (context) =>
    deleteAccount(context, userId, () => refuseLastManager(context, userId)),
  );
}

/**
 * Locks the projects first, like everything that decides who manages them. One whose account is inactive manages nothing, but
 * may come back to what they use.
 */
async function refuseLastManager({ database }: Context, userId: string): Promise<void> {
  const managed = ProjectUserAccess.query(database)
    .select('project_id')
    .where({ user_id: userId, role: 'manager' });
  const projects = await Project.query(database)
    .select('id', 'name')
    .whereIn('id', managed)
    .orderBy('id')
    .forUpdate();
  const ids = projects.map(({ id }) => id);
  const isActive = User.query(database)
    .select('is_active')
    .whereColumn('users.id', 'project_user_access.user_id');
  const access = await ProjectUserAccess.query(database)
    .select('project_id', 'user_id', 'role', isActive.as('is_active'))
    .whereIn('project_id', ids)
    .orderBy('id')
    .forUpdate()
    .castTo<(ProjectUserAccess & { is_active: boolean })[]>();
  const organizations = await ProjectOrganizationAccess.query(database)
    .select('project_id')
    .whereIn('project_id', ids);

  const mine = access.filter(({ user_id }) => user_id === userId);
  const others = access.filter(({ user_id }) => user_id !== userId);
  const managedByMe = idsOf(mine.filter(({ role }) => role === 'manager'));
  const managedByOthers = idsOf(others.filter(({ role, is_active }) => role === 'manager' && is_active));
  const usedByOthers = idsOf([...others, ...organizations]);
  const last = projects.find(
    ({ id }) => managedByMe.has(id) && usedByOthers.has(id) && !managedByOthers.has(id),
  );
  if (last)
    throw conflict(
      'LAST_MANAGER',
      `The project "${last.name}" is used by others and needs another manager first.`,
    );
}

function idsOf(access: readonly { project_id: string }[]): Set<string> {
  return new Set(access.map(({ project_id }) => project_id));
}
