import { createTransport } from 'nodemailer';
import type { Logger } from 'pino';
import type { MailSettings } from './mail-settings.ts';

export interface OutgoingMail {
  /** The address alone: people give themselves names, and may sign up with an address of somebody else. */
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

export interface Mailer {
  readonly passwordResetUrl: string;
  /** @throws {MailNotSent} */
  readonly send: (mail: OutgoingMail) => Promise<void>;
}

/** Says what the log may: not to whom, and not in the server's own words, which may name them. */
export class MailNotSent extends Error {
  override readonly name = 'MailNotSent';
  readonly reason: Readonly<Record<string, unknown>>;
  /** How much an operator should mind. */
  readonly level: 'warn' | 'error';

  constructor(
    message: string,
    reason: Readonly<Record<string, unknown>> = {},
    level: 'warn' | 'error' = 'warn',
  ) {
    super(message);
    this.reason = reason;
    this.level = level;
  }
}

export function createMailer(settings: MailSettings, logger: Logger): Mailer {
  const { smtpUrl, logged, passwordResetUrl } = settings;
  if (smtpUrl !== undefined) return { passwordResetUrl, send: sender(smtpUrl, settings) };
  return { passwordResetUrl, send: logged ? writeToLog(logger) : refuse };
}

/** For development, where links are followed from the log. */
function writeToLog(logger: Logger): Mailer['send'] {
  return (mail) => {
    logger.info({ mail }, 'this mail was not sent, for SMTP_URL is missing');
    return Promise.resolve();
  };
}

function refuse(): Promise<never> {
  return Promise.reject(new MailNotSent('SMTP_URL is missing', {}, 'error'));
}

function sender(url: string, { from, requireTls, timeout }: MailSettings): Mailer['send'] {
  const transport = createTransport({
    // Whatever its query says goes before what stands here.
    url,
    requireTLS: requireTls,
    dnsTimeout: timeout,
    connectionTimeout: timeout,
    greetingTimeout: timeout,
    socketTimeout: timeout,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return async ({ to, subject, text }) => {
    await transport
      .sendMail({
        from: { ...from },
        to: { name: '', address: to },
        subject,
        text,
        // Nobody's holiday notice needs to answer (RFC 3834).
        headers: { 'Auto-Submitted': 'auto-generated' },
        // A server that says a word now and then would never meet the other limits.
        signal: AbortSignal.timeout(2 * timeout),
      })
      .catch((error: unknown) => {
        const { code, responseCode, command } = error as Record<string, unknown>;
        throw new MailNotSent('the mail server did not take it', {
          code,
          response_code: responseCode,
          command,
        });
      });
  };
}
