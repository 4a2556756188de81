import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { RoleAssignment } from '../../models/role-assignment.ts';
import { getUser } from './getUser.ts';

const rolesOf = preparePages<Schema<'UserRole'>, { user_id: string }>(
  RoleAssignment,
  { direction: 'asc', columns: ['app_key', 'role_key'] },
  (whose, database) =>
    RoleAssignment.query(database)
      .select('app_key', 'role_key', 'role_assignments.granted_at')
      .innerJoin('app_roles', 'app_roles.id', 'role_assignments.app_role_id')
      .innerJoin('apps', 'apps.id', 'app_roles.app_id')
      .where(whose)
      .whereNull('revoked_at'),
);

export async function listUserRoles(
  context: Context,
  userId: string,
  page: PageRequest,
): Promise<Page<Schema<'UserRole'>>> {
  await getUser(context, userId);
  return rolesOf(context.database, { user_id: userId }, page);
}
