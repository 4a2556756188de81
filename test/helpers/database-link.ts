import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { Transform } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';

/** The network between the service and its database, and what may happen to it. */
export interface DatabaseLink {
  /** The database's address by this way. */
  readonly url: string;
  readonly port: number;
  /** Resets what is open and refuses what comes, as a machine does whose database is gone. */
  readonly refuse: () => Promise<void>;
  /** Nothing gets through any more, and nobody is told, as with a machine that is gone. */
  readonly silence: () => void;
  /** New connections get through; of those that have been silent only the end does. */
  readonly restore: () => Promise<void>;
  /** Ends what is open, as a database does that goes to sleep; what comes waits so many milliseconds for it to wake up. */
  readonly sleep: (wakeUp: number) => void;
  readonly stop: () => Promise<void>;
}

/** @param options.roundTrip in milliseconds, of which the answer takes all */
export async function startLink(
  databaseUrl: string,
  { host = '127.0.0.1', port = 0, roundTrip = 0 } = {},
): Promise<DatabaseLink> {
  const target = new URL(databaseUrl);
  const socketPath = `${target.searchParams.get('host') ?? ''}/.s.PGSQL.5432`;
  const sockets = new Set<Socket>();
  let isSilent = false;
  let delay = 0;

  const server = createServer((client) => {
    keep(client);
    if (isSilent) client.pause();
    else
      void wait(delay).then(() => {
        passOn(client);
      });
  });

  function keep(socket: Socket): void {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
  }

  function passOn(client: Socket): void {
    if (client.destroyed) return;
    const database = connect(socketPath);
    keep(database);
    client.pipe(database);
    if (roundTrip === 0) database.pipe(client);
    else database.pipe(delayed(roundTrip)).pipe(client);
    client.on('close', () => database.destroy());
    database.on('close', () => client.destroy());
  }

  async function listen(at: number): Promise<void> {
    server.listen(at, host);
    await once(server, 'listening');
  }

  /** @param end how those go that are open */
  async function close(end: (socket: Socket) => void): Promise<void> {
    const closed = server.listening ? once(server.close(), 'close') : undefined;
    for (const socket of sockets) end(socket);
    await closed;
  }

  await listen(port);
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `postgresql://${target.username}@${host}:${taken}${target.pathname}`,
    port: taken,
    refuse: () => close(reset),
    silence: () => {
      isSilent = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    restore: async () => {
      isSilent = false;
      for (const socket of sockets) socket.resume();
      if (!server.listening) await listen(taken);
    },
    sleep: (wakeUp) => {
      delay = wakeUp;
      for (const socket of sockets) socket.end();
    },
    stop: () => close((socket) => socket.destroy()),
  };
}

function delayed(milliseconds: number): Transform {
  return new Transform({
    transform(bytes, _encoding, done) {
      setTimeout(() => this.push(bytes), milliseconds);
      done();
    },
  });
}

/** Only TCP has it. */
function reset(socket: Socket): void {
  if (socket.remotePort === undefined) socket.destroy();
  else socket.resetAndDestroy();
}
