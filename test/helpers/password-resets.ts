import type { ExecutionContext } from 'ava';
import type { MailSettings } from '../../src/core/mail-settings.ts';
import { startMailServer, type MailServer, type ReceivedMail } from './mail-server.ts';
import { startService, type TestService } from './service.ts';

export const newPassword = 'five other words in a row';

type Options = Parameters<typeof startService>[0] & { mailServer?: Parameters<typeof startMailServer>[0] };

export interface Mailing {
  readonly service: TestService;
  readonly server: MailServer;
  readonly stop: () => Promise<void>;
}

/** A service with a mail server. It sends nothing before it is told to. */
export async function startMailing({ mail, mailServer, ...options }: Options = {}): Promise<Mailing> {
  const server = await startMailServer(mailServer);
  const service = await startService({ ...options, mail: { ...byServer(server.url), ...mail } });
  const stop = async () => {
    await service.stop();
    await server.stop();
  };
  return { service, server, stop };
}

/** For mails or a time that no other test may touch. */
export async function ownMailing(t: ExecutionContext, options?: Options): Promise<Mailing> {
  const mailing = await startMailing(options);
  t.teardown(mailing.stop);
  return mailing;
}

export function byServer(smtpUrl: string): Partial<MailSettings> {
  return { smtpUrl, logged: false, longestDelay: 3_600_000 };
}

/** What has been sent to somebody, after everything that is due has been. */
export async function mailsTo(
  service: TestService,
  server: MailServer,
  { email }: { email: string },
): Promise<readonly ReceivedMail[]> {
  await service.context.outbox.deliver();
  return server.mails.filter(({ recipients }) => recipients.includes(email));
}

/** The line that is a link. */
export function linkIn(mail: ReceivedMail | undefined): URL {
  const link = /^https:\S+$/m.exec(mail?.text ?? '')?.[0];
  if (link === undefined) throw new Error(`no link in ${mail?.text ?? 'no mail'}`);
  return new URL(link);
}

export function tokenIn(mail: ReceivedMail | undefined): string {
  return linkIn(mail).searchParams.get('token') ?? '';
}

/** Asks for a link, and takes the token from the mail. */
export async function newToken(
  service: TestService,
  server: MailServer,
  person: { email: string },
): Promise<string> {
  await service.call('requestPasswordReset', 202, { body: { email: person.email } });
  return tokenIn((await mailsTo(service, server, person)).at(-1));
}

/** How many mails still wait. */
export async function waitingMails({ context }: TestService): Promise<number> {
  return Number((await context.database('mails').count<{ count: string }[]>())[0]?.count);
}
