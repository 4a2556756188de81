import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { accountGone, notFound, unknownReference } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';

/** Answers the one active assignment, whether it is new or was there. */
const assign: Statement = {
  name: 'assign-role',
  text: `insert into role_assignments as held (id, user_id, app_role_id, granted_by)
         select $1, $2, role.id, $5
           from app_roles role join apps app on app.id = role.app_id
          where app.app_key = $3 and role.role_key = $4
         on conflict (user_id, app_role_id) where revoked_at is null
         do update set granted_at = held.granted_at
         returning id, user_id, granted_at, revoked_at`,
};

type Assignment = Pick<Schema<'RoleAssignment'>, 'user_id' | 'granted_at' | 'revoked_at'> & { id: string };

export async function assignRole(
  context: Context,
  { target_user_id, app_key, role_key }: Schema<'AssignRoleRequest'>,
): Promise<Schema<'RoleAssignment'>> {
  const noSuchRole = () => notFound(`There is no app "${app_key}" with a role "${role_key}".`);
  return inTransaction(context, async (context) => {
    const newest = newId();
    const values = [newest, target_user_id, app_key, role_key, context.origin.actor_id];
    const [assignment] = await runStatement<Assignment>(context.database, assign, values).catch(
      onConstraint({
        role_assignments_user_id_fkey: () => unknownReference('user'),
        role_assignments_app_role_id_fkey: noSuchRole,
        role_assignments_granted_by_fkey: accountGone,
      }),
    );
    if (!assignment) throw noSuchRole();
    const { id, ...rest } = assignment;
    if (id === newest) await recordEvent(context, 'role.assigned', target_user_id, { app_key, role_key });
    return { ...rest, app_key, role_key };
  });
}
