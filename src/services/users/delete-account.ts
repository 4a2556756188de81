import type { Context } from '../../core/context.ts';
import { RoleAssignment } from '../../models/role-assignment.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { refuseLastAdmin } from './last-admin.ts';

/** Any fixed number: whoever holds this advisory lock is the one who deletes an account. */
const deletionLock = 7_478_010_348;

/**
 * Deletes an account with all that the foreign keys let go with it. Call it in a transaction.
 * @param check what else must hold; everything that decides about admins is locked by then
 * @throws {Problem} 404 for an unknown user, 409 for the last active platform admin
 */
export async function deleteAccount(
  context: Context,
  userId: string,
  check: () => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const { database } = context;
  // Two who have given roles to each other would wait for each other.
  await database.raw('select pg_advisory_xact_lock(?)', [deletionLock]);
  await refuseLastAdmin(context, userId);
  await check();
  // Who assigns or revokes a role locks the assignment first, then its people: so does this.
  await RoleAssignment.query(database)
    .select('id')
    .where({ user_id: userId })
    .orWhere({ granted_by: userId })
    .orWhere({ revoked_by: userId })
    .orderBy('id')
    .forUpdate();
  await User.query(database).deleteById(userId);
  await recordEvent(context, 'user.deleted', userId);
}
