import type { Context } from '../../core/context.ts';
import type { MailSettings } from '../../core/mail-settings.ts';
import { createMailer } from '../../core/mailer.ts';
import { createOutbox } from '../../core/outbox.ts';
import { deliverMails } from './deliver-mails.ts';

/** A context whose services can send mails, once its outbox is woken. */
export function withOutbox(basis: Omit<Context, 'outbox'>, settings: MailSettings): Context {
  const mailer = createMailer(settings, basis.logger);
  const context: Context = {
    ...basis,
    outbox: createOutbox((stopping) => deliverMails(context, mailer, stopping), settings.longestDelay, basis),
  };
  return context;
}
