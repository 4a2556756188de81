import { inTransaction, type Context } from '../../core/context.ts';
import { hashPassword } from '../../core/passwords.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { endSessions } from '../auth/end-sessions.ts';
import { withdrawPasswordResets } from '../auth/password-resets.ts';

/**
 * Makes the account a platform admin with this password. If somebody has signed up with the e-mail before, their password
 * and sessions end: who that was is not known.
 */
export async function ensurePlatformAdmin(
  context: Context,
  { email, password }: { email: string; password: string },
): Promise<void> {
  const password_hash = await hashPassword(password);
  await inTransaction(context, async (context) => {
    const user = await User.query(context.database)
      .insert({ email: email.toLowerCase(), password_hash, is_platform_admin: true })
      .onConflict('email')
      .merge({ password_hash, is_platform_admin: true, is_active: true });
    await withdrawPasswordResets(context, user);
    await endSessions(context, { user_id: user.id });
    await recordEvent(context, 'user.updated', user.id, { is_platform_admin: true });
  });
}
