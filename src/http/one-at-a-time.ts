import type { RequestListener, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** The last response of each connection, until it is sent and its request read to the end. */
export type LastResponses = WeakMap<Duplex, ServerResponse>;

/**
 * Lets the app see a connection's requests one after the other: sent all at once, a few kilobytes of them would have it
 * make gigabytes of answers that wait for each other.
 */
export function oneAtATime(app: RequestListener, last: LastResponses): RequestListener {
  return (request, response) => {
    const { socket } = request;
    // It came behind the one whose answer ends the connection.
    if (!socket.writable) return;
    const before = last.get(socket);
    last.set(socket, response);
    response.once('close', () => {
      if (request.complete && last.get(socket) === response) last.delete(socket);
    });
    if (!before || before.closed) app(request, response);
    else
      before.once('close', () => {
        if (socket.writable) app(request, response);
      });
  };
}
