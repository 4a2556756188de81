import type { Server } from 'node:http';
import type { Metrics } from '../core/metrics.ts';

/**
 * Lets no more than `most` connections be open at once. From half of them on, each is closed after its next answer, so that one
 * that nobody uses keeps no newcomer out.
 */
export function limitConnections(server: Server, most: number, metrics: Metrics): void {
  let open = 0;
  server.maxConnections = most;
  server.on('connection', (socket) => {
    open += 1;
    socket.once('close', () => {
      open -= 1;
    });
  });
  server.on('request', (_request, response) => {
    if (open > most / 2) response.shouldKeepAlive = false;
  });
  server.on('drop', () => {
    metrics.droppedConnections.inc();
  });
}
