import type { RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { unavailable } from '../core/errors.ts';
import { answerInPlaceOf } from './answer-broken-requests.ts';
import type { LastResponses } from './one-at-a-time.ts';

/** In milliseconds: how long those who have not heard of the end yet may still come. */
const grace = 1_000;
/** In milliseconds: Cloud Run kills after 10 s, and the database has to be let go of as well. */
const patience = 6_000;
const sweep = 50;

/** Ends the server; answers how many connections took too long. */
export type Drain = () => Promise<number>;

/**
 * Serves until it is told to stop, and then so that nobody who has sent something goes without an answer: every answer asks
 * to send the next request elsewhere, and connections end only when nothing has come on them for a while.
 */
export function serveUntilDrained(server: Server, serve: RequestListener, last: LastResponses): Drain {
  const sockets = new Set<Socket>();
  let opened = 0;
  let lastOpened = -Infinity;
  let isStopping = false;
  let held: (() => void)[] | undefined;

  server.on('connection', (socket) => {
    opened += 1;
    lastOpened = performance.now();
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    if (isStopping) response.shouldKeepAlive = false;
    if (held)
      held.push(() => {
        serve(request, response);
      });
    else serve(request, response);
  });

  return async () => {
    isStopping = true;
    const end = performance.now() + patience;
    const silent = [...sockets].filter(hasSaidNothing);
    for (const socket of sockets) {
      const response = last.get(socket);
      if (response) response.shouldKeepAlive = false;
    }
    const isQuiet = sockets.size === 0 && performance.now() - lastOpened > grace;
    if (!isQuiet) await wait(grace);
    await stopListening();
    for (const socket of silent.filter(hasSaidNothing)) socket.destroy();
    while (sockets.size > 0 && performance.now() < end) {
      server.closeIdleConnections();
      await wait(sweep);
      // What had arrived by now has then been read, and is no longer idle.
      await turn();
    }
    const late = sockets.size;
    for (const socket of sockets) {
      const response = last.get(socket);
      if (response) answerInPlaceOf(response, socket, unavailable('the service stops'));
    }
    if (late > 0) await wait(sweep);
    server.closeAllConnections();
    return late;
  };

  /**
   * Connections that wait to be accepted would be reset. Node accepts one in each turn of its loop; as no answer goes out
   * meanwhile, none comes back for another.
   */
  async function stopListening(): Promise<void> {
    held = [];
    for (let before = -1; before < opened;) {
      before = opened;
      await turn();
    }
    server.close();
    for (const go of held) go();
    held = undefined;
  }
}

function hasSaidNothing({ bytesRead }: Socket): boolean {
  return bytesRead === 0;
}
