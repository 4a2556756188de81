import { minutesAfter } from '../../core/clock.ts';
import { ownOrigin, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { MailNotSent, type Mailer } from '../../core/mailer.ts';
import { Mail } from '../../models/mail.ts';
import { sendPasswordChanged } from './send-password-changed.ts';
import { sendPasswordReset } from './send-password-reset.ts';

/** Later than this a mail does not help any more. */
const triedMinutes = 60;
/** Longer than an attempt takes: a mail is taken over only from an instance that ended meanwhile. */
const leaseMinutes = 1;

/** Takes now, and until when nobody else may take the mail. Instances that ask at once get different mails. */
const claim: Statement = {
  name: 'claim-mail',
  text: `update mails set attempts = attempts + 1, next_attempt_at = $2
          where id = (select id from mails where next_attempt_at <= $1
                       order by next_attempt_at, id limit 1 for update skip locked)
          returning *`,
};

/**
 * Sends every mail that is due, one after the other.
 * @returns when the next one will be due
 */
export async function deliverMails(
  context: Context,
  mailer: Mailer,
  stopping: AbortSignal,
): Promise<Date | undefined> {
  const { database, clock } = context;
  while (!stopping.aborted) {
    const [mail] = await runStatement<Mail>(database, claim, [clock(), minutesAfter(clock(), leaseMinutes)]);
    if (!mail) return nextDue(context);
    await attempt(context, mailer, mail);
  }
  return undefined;
}

async function nextDue({ database }: Context): Promise<Date | undefined> {
  const next = await Mail.query(database).select('next_attempt_at').orderBy('next_attempt_at').first();
  return next && new Date(next.next_attempt_at);
}

const sending = { password_reset: sendPasswordReset, password_changed: sendPasswordChanged };

/** What comes of it is done in the name of the request that asked for the mail. */
async function attempt(context: Context, mailer: Mailer, mail: Mail): Promise<void> {
  const { kind, ip, request_id } = mail;
  try {
    if (context.clock() >= lastMoment(mail)) throw new MailNotSent('nobody has come to send it in time');
    await sending[kind]({ ...context, origin: { ...ownOrigin, ip, request_id } }, mailer, mail);
    context.metrics.mails.inc({ outcome: 'done' });
  } catch (error) {
    if (!(error instanceof MailNotSent)) throw error;
    await putOff(context, mail, error);
  }
}

async function putOff(
  { database, clock, logger, metrics }: Context,
  mail: Mail,
  { message, reason, level }: MailNotSent,
): Promise<void> {
  const { id, kind, attempts } = mail;
  const next = new Date(clock().getTime() + pause(attempts));
  const facts = { mail_id: id, kind, attempts, ...reason };
  const queued = Mail.query(database).findById(id);
  if (next < lastMoment(mail)) {
    logger[level](facts, `a mail was not sent and will be tried again: ${message}`);
    await queued.patch({ next_attempt_at: next.toISOString() });
    metrics.mails.inc({ outcome: 'put_off' });
  } else {
    logger.error(facts, `a mail was given up: ${message}`);
    await queued.delete();
    metrics.mails.inc({ outcome: 'given_up' });
  }
}

function lastMoment({ requested_at }: Mail): Date {
  return minutesAfter(new Date(requested_at), triedMinutes);
}

/** Milliseconds until the next attempt: 5 seconds, 20, 80, … up to 10 minutes. */
function pause(attempts: number): number {
  return Math.min(5_000 * 4 ** (attempts - 1), 600_000);
}
