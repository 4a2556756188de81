import type { Context } from '../../core/context.ts';
import type { Mailer } from '../../core/mailer.ts';
import { Mail } from '../../models/mail.ts';
import { User } from '../../models/user.ts';

/** Without a link: whoever follows one in such a mail learns to follow those of others. @throws {MailNotSent} */
export async function sendPasswordChanged(
  { database }: Context,
  mailer: Mailer,
  { id, email, requested_at }: Mail,
): Promise<void> {
  const user = await User.query(database).select('id').findOne({ email, is_active: true });
  if (user)
    await mailer.send({ to: email, subject: 'Your password was changed', text: textOf(requested_at) });
  await Mail.query(database).deleteById(id);
}

function textOf(changed_at: string): string {
  return `The password of your Tripod account was changed on ${changed_at.slice(0, 10)} at ${changed_at.slice(11, 16)} UTC. Wherever else you were signed in, you are signed out.

If it was you, there is nothing to do.

If it was not, please set a new one right away, by "Forgot password" where you sign in, and tell an administrator.
`;
}
