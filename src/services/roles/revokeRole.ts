import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';

const revoke: Statement = {
  name: 'revoke-role',
  text: `update role_assignments held
            set revoked_at = now(), revoked_by = $4
           from app_roles role join apps app on app.id = role.app_id
          where held.app_role_id = role.id and held.user_id = $1 and held.revoked_at is null
            and app.app_key = $2 and role.role_key = $3
         returning held.user_id, held.granted_at, held.revoked_at`,
};

/** The assignment stays as history. */
export async function revokeRole(
  { database }: Context,
  callerId: string,
  { target_user_id, app_key, role_key }: Schema<'RevokeRoleRequest'>,
): Promise<Schema<'RoleAssignment'>> {
  const [assignment] = await runStatement<Omit<Schema<'RoleAssignment'>, 'app_key' | 'role_key'>>(
    database,
    revoke,
    [target_user_id, app_key, role_key, callerId],
  );
  if (!assignment) throw notFound('The user does not hold this role.');
  return { ...assignment, app_key, role_key };
}
