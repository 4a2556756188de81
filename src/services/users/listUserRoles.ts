import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { RoleAssignment } from '../../models/role-assignment.ts';
import { User } from '../../models/user.ts';
import { noSuchUser } from './getUser.ts';

export async function listUserRoles(
  { database }: Context,
  userId: string,
  page: PageRequest,
): Promise<Page<Schema<'UserRole'>>> {
  const user = await User.query(database).select('id').findById(userId);
  if (!user) throw noSuchUser();
  const roles = RoleAssignment.query(database)
    .select('app_key', 'role_key', 'role_assignments.granted_at')
    .innerJoin('app_roles', 'app_roles.id', 'role_assignments.app_role_id')
    .innerJoin('apps', 'apps.id', 'app_roles.app_id')
    .where({ user_id: userId })
    .whereNull('revoked_at')
    .castTo<Schema<'UserRole'>[]>();
  return fetchPage(roles, { direction: 'asc', columns: ['app_key', 'role_key'] }, page);
}
