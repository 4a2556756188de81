import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';

export async function listMyRoles(
  { database }: Context,
  userId: string,
  { app_key }: { app_key?: string },
): Promise<Schema<'MyRole'>[]> {
  const roles = database<Schema<'MyRole'>>('held_app_roles')
    .select('app_key', 'role_key')
    .where('user_id', userId)
    .orderBy(['app_key', 'role_key']);
  return app_key === undefined ? roles : roles.where({ app_key });
}
