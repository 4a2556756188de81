import type { Context } from '../../core/context.ts';
import { unauthorized } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';

/** An empty text clears a field like null does. */
export async function updateMe(
  { database }: Context,
  userId: string,
  changes: Schema<'UpdateMeRequest'>,
): Promise<Schema<'User'>> {
  const cleared = Object.fromEntries(Object.entries(changes).map(([field, value]) => [field, value || null]));
  const user = await User.query(database)
    .patch(cleared)
    .findById(userId)
    .returning([...User.columns])
    .first();
  if (!user) throw unauthorized('This account does not exist any more.');
  return user.shown();
}
