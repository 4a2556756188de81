import { inTransaction, type Context } from '../../core/context.ts';
import { Problem } from '../../core/errors.ts';
import { hashPassword, verifyPassword } from '../../core/passwords.ts';
import { refuseWeakPassword } from '../../core/passwords/rules.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { queueMail } from '../mail/queue-mail.ts';
import { endSessions } from './end-sessions.ts';
import { rememberOnlyThisDevice } from './known-devices.ts';
import { withdrawPasswordResets } from './password-resets.ts';

export async function changePassword(
  context: Context,
  userId: string,
  currentSessionId: string,
  passwords: Schema<'ChangePasswordRequest'>,
): Promise<void> {
  const tryOnce = () => tryToChange(context, userId, currentSessionId, passwords);
  // A sign-in may have upgraded the hash of the same password meanwhile.
  if (!(await tryOnce()) && !(await tryOnce())) throw wrongPassword();
  context.outbox.wake();
}

/**
 * @returns false if the account is not any more as it was read
 * @throws {Problem} 400 for a weak password, 403 for a wrong one
 */
async function tryToChange(
  context: Context,
  userId: string,
  currentSessionId: string,
  { current_password, new_password }: Schema<'ChangePasswordRequest'>,
): Promise<boolean> {
  const user = await User.query(context.database).select('id', 'email', 'password_hash').findById(userId);
  if (user) refuseWeakPassword(context, 'new_password', new_password, user.email);
  if (!user || !(await verifyPassword(user.password_hash, current_password))) throw wrongPassword();
  const password_hash = await hashPassword(new_password);
  return inTransaction(context, async (context) => {
    // Of two changes at once, the second no longer knows the password as it is.
    const changed = await User.query(context.database)
      .patch({ password_hash })
      .where({ id: userId, password_hash: user.password_hash });
    if (changed === 0) return false;
    await withdrawPasswordResets(context, user);
    await endSessions(context, { user_id: userId }, currentSessionId);
    await rememberOnlyThisDevice(context, user);
    await recordEvent(context, 'user.password_changed', userId);
    await queueMail(context, { kind: 'password_changed', email: user.email });
    return true;
  });
}

function wrongPassword() {
  return new Problem(403, 'WRONG_PASSWORD', 'The current password is not this one. Please try again.');
}
