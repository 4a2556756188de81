import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { queueMail } from '../mail/queue-mail.ts';

/** Whether there is such an account is found out when the mail is sent: asking takes the same time for everyone. */
export async function requestPasswordReset(
  context: Context,
  { email, app_key }: Schema<'RequestPasswordResetRequest'>,
): Promise<void> {
  await queueMail(context, { kind: 'password_reset', email: email.toLowerCase(), app_key: app_key ?? null });
  context.outbox.wake();
}
