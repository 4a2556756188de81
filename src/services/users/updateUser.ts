import { inTransaction, type Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { endSessions } from '../auth/end-sessions.ts';
import { withdrawPasswordResets } from '../auth/password-resets.ts';
import { noSuchUser } from './getUser.ts';
import { refuseLastAdmin } from './last-admin.ts';

/** An empty text clears a field like null does. */
export async function updateUser(
  context: Context,
  userId: string,
  { display_name, avatar_url, ...flags }: Schema<'UpdateUserRequest'>,
): Promise<Schema<'ListedUser'>> {
  return inTransaction(context, async (context) => {
    if (flags.is_active === false || flags.is_platform_admin === false)
      await refuseLastAdmin(context, userId);
    const users = User.query(context.database);
    const before = await users
      .clone()
      .select(...User.listedColumns)
      .findById(userId)
      .forNoKeyUpdate();
    if (!before) throw noSuchUser();

    const profile = differing(before, {
      ...(display_name !== undefined && { display_name: display_name || null }),
      ...(avatar_url !== undefined && { avatar_url: avatar_url || null }),
    });
    const changedFlags = differing(before, flags);
    const changes = { ...profile, ...changedFlags };
    if (Object.keys(changes).length === 0) return before;

    const user = await users
      .clone()
      .patch(changes)
      .findById(userId)
      .returning([...User.listedColumns])
      .first()
      .throwIfNotFound();
    // When somebody comes back as well: a session or a link of before must not come back with them.
    if ('is_active' in changes) {
      await withdrawPasswordResets(context, user);
      await endSessions(context, { user_id: userId });
    }
    await recordEvent(context, 'user.updated', userId, {
      ...changedFlags,
      // Not their values: those are the user's own, and would outlive the account here.
      ...(Object.keys(profile).length > 0 && { profile: Object.keys(profile) }),
    });
    return user;
  });
}

function differing<Changes extends object>(before: object, changes: Changes): Partial<Changes> {
  const present = new Map<string, unknown>(Object.entries(before));
  return Object.fromEntries(
    Object.entries(changes).filter(([field, value]) => present.get(field) !== value),
  ) as Partial<Changes>;
}
