import { once } from 'node:events';
import {
  Agent,
  createServer,
  request as send,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { until } from './until.ts';

/** Spreads requests over the instances that are ready. */
export interface Balancer {
  readonly url: string;
  readonly add: (instanceUrl: string) => Promise<void>;
  readonly remove: (instanceUrl: string) => void;
  readonly stop: () => Promise<void>;
}

/** In milliseconds, how often each instance is asked whether it is ready. */
const interval = 200;

/** Like those of the trade it keeps connections, and sends again only what could not be sent at all. */
export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const ready = new Map<string, boolean>();
  let turn = 0;

  const server = createServer((request, response) => {
    void buffer(request).then((body) => forward(request, body, response));
  });

  async function forward(request: IncomingMessage, body: Buffer, response: ServerResponse): Promise<void> {
    const instances = [...ready].filter(([, isReady]) => isReady).map(([url]) => url);
    turn += 1;
    for (let tries = 0; tries < instances.length; tries += 1) {
      const instance = instances[(turn + tries) % instances.length] ?? '';
      const { method, url = '', headers } = request;
      const sent = send(instance + url, { agent, method, headers: withoutConnection(headers) }).end(body);
      try {
        const [answer] = (await once(sent, 'response')) as [IncomingMessage];
        response.writeHead(answer.statusCode ?? 502, withoutConnection(answer.headers));
        answer.pipe(response);
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ECONNREFUSED') continue;
        response.writeHead(502).end(String(error));
        return;
      }
    }
    response.writeHead(502).end('no instance is ready');
  }

  async function isReady(instance: string): Promise<boolean> {
    const answer = await fetch(`${instance}/health/ready`).catch(() => undefined);
    await answer?.body?.cancel();
    return answer?.status === 200;
  }

  const watching = setInterval(() => {
    for (const instance of ready.keys())
      void isReady(instance).then((is) => ready.has(instance) && ready.set(instance, is));
  }, interval);

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    add: async (instance) => {
      await until(`${instance} is ready`, () => isReady(instance));
      ready.set(instance, true);
    },
    remove: (instance) => {
      ready.delete(instance);
    },
    stop: async () => {
      clearInterval(watching);
      agent.destroy();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** That header is about one connection, and there are two. */
function withoutConnection(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'connection'));
}
