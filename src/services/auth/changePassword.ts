import { inTransaction, type Context } from '../../core/context.ts';
import { Problem } from '../../core/errors.ts';
import { hashPassword, verifyPassword } from '../../core/passwords.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { endSessions } from './end-sessions.ts';
import { rememberOnlyThisDevice } from './known-devices.ts';

export async function changePassword(
  context: Context,
  userId: string,
  currentSessionId: string,
  { current_password, new_password }: Schema<'ChangePasswordRequest'>,
): Promise<void> {
  const user = await User.query(context.database).select('id', 'email', 'password_hash').findById(userId);
  if (!user || !(await verifyPassword(user.password_hash, current_password))) throw wrongPassword();
  const password_hash = await hashPassword(new_password);
  await inTransaction(context, async (context) => {
    // Of two changes at once, the second no longer knows the password as it is.
    const changed = await User.query(context.database)
      .patch({ password_hash })
      .where({ id: userId, password_hash: user.password_hash });
    if (changed === 0) throw wrongPassword();
    await endSessions(context, { user_id: userId }, currentSessionId);
    await rememberOnlyThisDevice(context, user);
    await recordEvent(context, 'user.password_changed', userId);
  });
}

function wrongPassword() {
  return new Problem(403, 'WRONG_PASSWORD', 'The current password is not this one. Please try again.');
}
