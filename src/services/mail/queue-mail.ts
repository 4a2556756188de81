import type { Context } from '../../core/context.ts';
import { Mail } from '../../models/mail.ts';

/** Call it in the transaction of what the mail tells of, and wake the outbox when that is committed. */
export async function queueMail(
  { database, clock, origin, metrics }: Context,
  mail: Pick<Mail, 'kind' | 'email'> & Partial<Pick<Mail, 'app_key'>>,
): Promise<void> {
  const now = clock().toISOString();
  const { ip, request_id } = origin;
  await Mail.query(database).insert({ ...mail, requested_at: now, next_attempt_at: now, ip, request_id });
  metrics.mails.inc({ outcome: 'queued' });
}
