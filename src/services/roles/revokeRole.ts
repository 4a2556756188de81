import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { accountGone, notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';

const revoke: Statement = {
  name: 'revoke-role',
  text: `update role_assignments held
            set revoked_at = now(), revoked_by = $4
           from app_roles role join apps app on app.id = role.app_id
          where held.app_role_id = role.id and held.user_id = $1 and held.revoked_at is null
            and app.app_key = $2 and role.role_key = $3
         returning held.user_id, held.granted_at, held.revoked_at`,
};

type Assignment = Pick<Schema<'RoleAssignment'>, 'user_id' | 'granted_at' | 'revoked_at'>;

/** The assignment stays as history. */
export async function revokeRole(
  context: Context,
  { target_user_id, app_key, role_key }: Schema<'RevokeRoleRequest'>,
): Promise<Schema<'RoleAssignment'>> {
  return inTransaction(context, async (context) => {
    const values = [target_user_id, app_key, role_key, context.origin.actor_id];
    const [assignment] = await runStatement<Assignment>(context.database, revoke, values).catch(
      onConstraint({ role_assignments_revoked_by_fkey: accountGone }),
    );
    if (!assignment) throw notFound('The user does not hold this role.');
    await recordEvent(context, 'role.revoked', target_user_id, { app_key, role_key });
    return { ...assignment, app_key, role_key };
  });
}
