import { isEmail } from './credentials.ts';

export interface Mailbox {
  readonly name: string;
  readonly address: string;
}

export interface MailSettings {
  readonly smtpUrl: string | undefined;
  /** Without a server, mails are logged, links and all. */
  readonly logged: boolean;
  /** Refuses to send in the clear. */
  readonly requireTls: boolean;
  /** Milliseconds for each step of sending a mail, and twice that for all of them. */
  readonly timeout: number;
  /** Milliseconds that a mail waits at most, for a time of its own. */
  readonly longestDelay: number;
  readonly from: Mailbox;
  /** The page that the link in a mail leads to. */
  readonly passwordResetUrl: string;
}

/** `no-reply@example.org` or `Tripod <no-reply@example.org>`; undefined for anything else. */
export function readMailbox(text: string): Mailbox | undefined {
  const [, name = '', address = text] = /^([^<>\p{Cc}]*)<([^<>]+)>$/u.exec(text) ?? [];
  return isEmail(address) ? { name: name.trim().replace(/^"(.*)"$/, '$1'), address } : undefined;
}

export function isSmtpUrl(text: string): boolean {
  return URL.canParse(text) && /^smtps?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';
}

/** Whether a link with a secret may lead there: nobody on the way may read it. */
export function isLinkTarget(text: string, { production }: { production: boolean }): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && !production && isThisMachine(text));
  return isPrivate && username === '' && password === '';
}

export function isThisMachine(url: string): boolean {
  return /^(localhost|127\.0\.0\.1|\[::1\])$/.test(new URL(url).hostname);
}
