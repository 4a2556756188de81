import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { notFound, unknownReference } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';

/** Answers the one active assignment, whether it is new or was there. */
const assign: Statement = {
  name: 'assign-role',
  text: `insert into role_assignments as held (id, user_id, app_role_id, granted_by)
         select $1, $2, role.id, $5
           from app_roles role join apps app on app.id = role.app_id
          where app.app_key = $3 and role.role_key = $4
         on conflict (user_id, app_role_id) where revoked_at is null
         do update set granted_at = held.granted_at
         returning user_id, granted_at, revoked_at`,
};

export async function assignRole(
  { database }: Context,
  callerId: string,
  { target_user_id, app_key, role_key }: Schema<'AssignRoleRequest'>,
): Promise<Schema<'RoleAssignment'>> {
  const [assignment] = await runStatement<Omit<Schema<'RoleAssignment'>, 'app_key' | 'role_key'>>(
    database,
    assign,
    [newId(), target_user_id, app_key, role_key, callerId],
  ).catch(onConstraint({ role_assignments_user_id_fkey: () => unknownReference('user') }));
  if (!assignment) throw notFound(`There is no app "${app_key}" with a role "${role_key}".`);
  return { ...assignment, app_key, role_key };
}
