import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';

/** What its types leave out of pg. */
interface Client {
  readonly host: string;
  readonly port: number;
  readonly ssl: pg.ConnectionConfig['ssl'];
  readonly processID: number;
  readonly secretKey: number;
}
interface Messenger extends pg.Connection {
  connect(portOrPath: number | string, host?: string): void;
  requestSsl(): void;
  cancel(processID: number, secretKey: number): void;
}

const patience = 1_000;

/**
 * Asks the server to stop what a connection has it do, by a connection of its own, as the protocol wants it; a pooler passes
 * it on. Nobody answers that.
 */
export async function requestCancel(connection: pg.Client): Promise<void> {
  const { host, port, ssl, processID, secretKey } = connection as unknown as Client;
  const messenger = new pg.Connection(ssl === undefined ? {} : { ssl }) as Messenger;
  if (ssl)
    messenger.on('connect', () => {
      messenger.requestSsl();
    });
  messenger.on(ssl ? 'sslconnect' : 'connect', () => {
    messenger.cancel(processID, secretKey);
  });
  // What cannot be asked to stop is broken off.
  messenger.on('error', () => undefined);
  if (host.startsWith('/')) messenger.connect(`${host}/.s.PGSQL.${port}`);
  else messenger.connect(port, host);
  await wait(patience);
  messenger.stream.destroy();
}
