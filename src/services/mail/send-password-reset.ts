import { inTransaction, type Context } from '../../core/context.ts';
import type { Mailer } from '../../core/mailer.ts';
import { App } from '../../models/app.ts';
import { Mail } from '../../models/mail.ts';
import { recordEvent } from '../audit/record-event.ts';
import { grantPasswordReset, resetMinutes } from '../auth/password-resets.ts';

/** @throws {MailNotSent} */
export async function sendPasswordReset(context: Context, mailer: Mailer, mail: Mail): Promise<void> {
  const granted = await grantPasswordReset(context, mail);
  if (granted) {
    const app = await activeApp(context, mail.app_key);
    const link = linkTo(mailer.passwordResetUrl, {
      token: granted.token,
      ...(app && { app_key: app.app_key }),
    });
    await mailer.send({ to: mail.email, subject: 'Set a new password', text: textOf(link, app) });
  }
  await inTransaction(context, async (context) => {
    await Mail.query(context.database).deleteById(mail.id);
    if (granted) await recordEvent(context, 'user.password_reset_requested', granted.user_id);
  });
}

async function activeApp({ database }: Context, app_key: string | null): Promise<App | undefined> {
  if (app_key === null) return undefined;
  return App.query(database).select('app_key', 'name').findOne({ app_key, is_active: true });
}

function linkTo(page: string, query: Record<string, string>): string {
  const url = new URL(page);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
  return url.href;
}

function textOf(link: string, app: App | undefined): string {
  return `Somebody, hopefully you, asked to set a new password for your Tripod account${app ? `, to use ${inOneLine(app.name)}` : ''}.

Open this link to choose one:

${link}

It is good for ${resetMinutes} minutes, and for one time.

If it was not you, please ignore this mail: nothing has changed, and your password stays as it is.
`;
}

function inOneLine(name: string): string {
  return name.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
}
