import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { HeldAppRole } from '../../models/held-app-role.ts';

export async function listMyRoles(
  { database }: Context,
  userId: string,
  { app_key, ...page }: { app_key?: string } & PageRequest,
): Promise<Page<Schema<'MyRole'>>> {
  const roles = HeldAppRole.query(database)
    .select('app_key', 'role_key')
    .where({ user_id: userId, ...(app_key !== undefined && { app_key }) });
  return fetchPage(roles, { direction: 'asc', columns: ['app_key', 'role_key'] }, page);
}
