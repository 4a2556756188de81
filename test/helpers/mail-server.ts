import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import type { ExecutionContext } from 'ava';
import { simpleParser, type ParsedMail } from 'mailparser';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedMail extends ParsedMail {
  /** By the envelope. */
  readonly recipients: readonly string[];
  readonly user: unknown;
}

export interface MailServer {
  /** As SMTP_URL has it. */
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** How often somebody has called. */
  readonly connections: () => number;
  /** What it answers to a recipient from now on: an SMTP status, of which 250 takes the mail. Silent, it does not even greet. */
  readonly answerWith: (status: number | 'silence') => void;
  /** Nobody listens any more; the mails stay. */
  readonly stop: () => Promise<void>;
  /** On the same port. */
  readonly start: () => Promise<void>;
}

/** A real SMTP server. */
export async function startMailServer(
  options: SMTPServerOptions & { credentials?: string } = {},
): Promise<MailServer> {
  const { credentials = '', ...serverOptions } = options;
  const mails: ReceivedMail[] = [];
  let status: number | 'silence' = 250;
  let server: SMTPServer;
  let port = 0;
  let connections = 0;

  async function start(): Promise<void> {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onConnect: (_session, done) => {
        connections += 1;
        if (status !== 'silence') done();
      },
      onRcptTo: ({ address }, _session, done) => {
        const refusal = Object.assign(new Error(`${address} is refused`), { responseCode: status });
        done(status === 250 ? null : refusal);
      },
      onData: (stream, session, done) => {
        simpleParser(stream, (error: unknown, mail) => {
          const recipients = session.envelope.rcptTo.map(({ address }) => address);
          if (!error) mails.push({ ...mail, recipients, user: session.user });
          done(error as Error | null);
        });
      },
      ...serverOptions,
    });
    // Clients may hang up in the midst of it.
    server.on('error', () => undefined);
    const listening = server.listen(port, '127.0.0.1');
    await once(listening, 'listening');
    port = (listening.address() as AddressInfo).port;
  }

  const stop = () =>
    new Promise<void>((resolve) => {
      server.close(resolve);
    });

  await start();
  return {
    url: `${serverOptions.secure ? 'smtps' : 'smtp'}://${credentials}127.0.0.1:${port}`,
    mails,
    connections: () => connections,
    answerWith: (next) => {
      status = next;
    },
    stop,
    start,
  };
}

/** One that never comes to the end of its greeting. */
export async function startTalkativeServer(t: ExecutionContext): Promise<string> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    const talking = setInterval(() => socket.write('220-please wait\r\n'), 50);
    socket
      .on('error', () => undefined)
      .on('close', () => {
        clearInterval(talking);
      });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
