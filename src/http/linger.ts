import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { LastResponses } from './one-at-a-time.ts';

/** How long a client that still sends may take to notice the answer, in milliseconds. */
const patience = 2_000;

/**
 * Says the last words and reads on for a while: closed at once, a connection is reset while its client still sends, and the
 * answer lost on its way (RFC 9112, 9.6).
 */
export function endAndLinger(socket: Duplex, lastWords?: string): void {
  socket.end(lastWords);
  const timer = setTimeout(() => {
    socket.destroy();
  }, patience);
  socket.once('close', () => {
    clearTimeout(timer);
  });
}

/** Node ends a connection by `destroySoon`, also after an answer that comes before the end of its request's body. */
export function lingerAfterEarlyAnswers(server: Server, lastResponses: LastResponses): void {
  server.on('connection', (socket: Socket) => {
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      if (lastResponses.get(socket)?.req.complete === false) endAndLinger(socket);
      else destroySoon();
    };
  });
}
