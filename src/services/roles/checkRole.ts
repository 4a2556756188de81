import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';

const check: Statement = {
  name: 'check-role',
  text: `select exists (select from held_app_roles held join users u on u.id = held.user_id
                         where held.user_id = $1 and held.app_key = $2 and held.role_key = $3 and u.is_active) as allowed`,
};

export async function checkRole(
  { database }: Context,
  { user_id, app_key, role_key }: { user_id: string; app_key: string; role_key: string },
): Promise<Schema<'RoleCheck'>> {
  const [row] = await runStatement<Schema<'RoleCheck'>>(database, check, [user_id, app_key, role_key]);
  return { allowed: row?.allowed ?? false };
}
