import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import type { LastResponses } from './one-at-a-time.ts';

/** In milliseconds: how long those who have not heard of the end yet may still come. */
const grace = 1_000;
/** In milliseconds: Cloud Run kills after 10 s, and the database has to be let go of as well. */
const patience = 6_500;
const sweep = 50;

/** Ends the server; answers how many connections had to be cut off. */
export type Drain = () => Promise<number>;

/**
 * Makes a way to stop at which nobody who has sent something goes without an answer. Each answer from then on asks to send
 * the next request elsewhere. A connection that waits for its next request is closed only when nothing has come on it for
 * a while: a request might be on its way.
 */
export function drainOf(server: Server, lastResponses: LastResponses): Drain {
  const sockets = new Set<Socket>();
  let lastOpened = -Infinity;
  let isStopping = false;
  server.on('connection', (socket) => {
    lastOpened = performance.now();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (_request, response) => {
    if (isStopping) response.shouldKeepAlive = false;
  });

  return async () => {
    isStopping = true;
    const end = performance.now() + patience;
    const silent = [...sockets].filter(hasSaidNothing);
    for (const socket of sockets) {
      const response = lastResponses.get(socket);
      if (response) response.shouldKeepAlive = false;
    }
    const isQuiet = sockets.size === 0 && performance.now() - lastOpened > grace;
    if (!isQuiet) await wait(grace);
    server.close();
    for (const socket of silent.filter(hasSaidNothing)) socket.destroy();
    while (sockets.size > 0 && performance.now() < end) {
      server.closeIdleConnections();
      await wait(sweep);
    }
    const left = sockets.size;
    server.closeAllConnections();
    return left;
  };
}

function hasSaidNothing({ bytesRead }: Socket): boolean {
  return bytesRead === 0;
}
