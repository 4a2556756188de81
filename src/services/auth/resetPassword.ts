import { inTransaction, type Context } from '../../core/context.ts';
import { Problem } from '../../core/errors.ts';
import { hashPassword } from '../../core/passwords.ts';
import { refuseWeakPassword } from '../../core/passwords/rules.ts';
import type { Schema } from '../../core/schema.ts';
import { PasswordReset } from '../../models/password-reset.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { queueMail } from '../mail/queue-mail.ts';
import { endSessions } from './end-sessions.ts';
import { rememberOnlyThisDevice } from './known-devices.ts';
import { findPasswordReset, withdrawPasswordResets } from './password-resets.ts';

/** The token is looked up first: hashing passwords is work that not everyone may cause. */
export async function resetPassword(
  context: Context,
  { token, password }: Schema<'ResetPasswordRequest'>,
): Promise<void> {
  const reset = await findPasswordReset(context, token);
  if (!reset) throw invalidResetToken();
  refuseWeakPassword(context, 'password', password, reset.email);
  const password_hash = await hashPassword(password);
  await inTransaction(context, async (context) => {
    const users = User.query(context.database);
    const user = await users
      .clone()
      .select('id', 'email')
      .findOne({ id: reset.user_id, is_active: true })
      .forNoKeyUpdate();
    // Of several at once, one finds it; and not after its time, however long the hash took.
    const used = await PasswordReset.query(context.database)
      .deleteById(reset.id)
      .where('expires_at', '>', context.clock().toISOString());
    if (!user || used === 0) throw invalidResetToken();

    await users.clone().patch({ password_hash }).findById(user.id);
    await withdrawPasswordResets(context, user);
    await endSessions(context, { user_id: user.id });
    await rememberOnlyThisDevice(context, user);
    await recordEvent(context, 'user.password_reset', user.id);
    await queueMail(context, { kind: 'password_changed', email: user.email });
  });
  context.outbox.wake();
}

function invalidResetToken() {
  return new Problem(
    400,
    'RESET_TOKEN_INVALID',
    'This link is unknown, has expired or was used already. Please ask for another one.',
  );
}
