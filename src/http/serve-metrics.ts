import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Context } from '../core/context.ts';
import { measureState } from '../core/measure-state.ts';
import { portTaken } from './port-taken.ts';

/**
 * Answers `GET /metrics` to programs on the same machine, and to nobody else: on Cloud Run that is a sidecar, for Prometheus
 * has no way to each instance there.
 * @throws {SettingError} when another program has the port
 */
export async function serveMetrics(
  context: Pick<Context, 'database' | 'metrics'>,
  port: number,
): Promise<{ port: number; close: () => void }> {
  measureState(context);
  const { registry } = context.metrics;
  const server = createServer((request, response) => {
    if (request.url !== '/metrics') response.writeHead(404).end();
    else if (request.method !== 'GET') response.writeHead(405, { Allow: 'GET' }).end();
    else
      void registry.metrics().then((text) => {
        response.writeHead(200, { 'Content-Type': registry.contentType }).end(text);
      });
  });
  await once(server.listen(port, '127.0.0.1'), 'listening').catch((error: unknown) => {
    throw portTaken(error as Error, 'METRICS_PORT', port);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
