import type { Context } from '../../core/context.ts';
import { accountGone, conflict } from '../../core/errors.ts';
import { User } from '../../models/user.ts';
import { noSuchUser } from './getUser.ts';

/**
 * Locks the user and all active platform admins, always in the same order, so that of two changes at once the second sees
 * what the first has left. For whatever takes an admin away; call it in the transaction of that change.
 * @throws {Problem} 404 for an unknown user, 401 for oneself when deleted just now, 409 for the last active platform admin
 */
export async function refuseLastAdmin({ database, origin }: Context, userId: string): Promise<void> {
  const locked = await User.query(database)
    .select('id', 'is_platform_admin', 'is_active')
    .where({ id: userId })
    .orWhere({ is_platform_admin: true, is_active: true })
    .orderBy('id')
    .forNoKeyUpdate();
  const user = locked.find(({ id }) => id === userId);
  if (!user) throw origin.actor_id === userId ? accountGone() : noSuchUser();
  const isAdmin = user.is_platform_admin && user.is_active;
  if (isAdmin && locked.length === 1)
    throw conflict('LAST_ADMIN', 'Somebody else has to be a platform admin first.');
}
