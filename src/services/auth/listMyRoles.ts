import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { HeldAppRole } from '../../models/held-app-role.ts';

const heldRoles = preparePages<Schema<'MyRole'>, { user_id: string; app_key: string | undefined }>(
  HeldAppRole,
  { direction: 'asc', columns: ['app_key', 'role_key'] },
  ({ user_id, app_key }, database) => {
    const roles = HeldAppRole.query(database).select('app_key', 'role_key').where({ user_id });
    return app_key === undefined ? roles : roles.where({ app_key });
  },
);

export async function listMyRoles(
  { database }: Context,
  userId: string,
  { app_key, ...page }: { app_key?: string } & PageRequest,
): Promise<Page<Schema<'MyRole'>>> {
  return heldRoles(database, { user_id: userId, app_key }, page);
}
