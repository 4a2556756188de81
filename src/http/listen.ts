import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';

/**
 * Express gives every request and response the prototypes `app.request` and `app.response`. Made with them from the start
 * nothing changes at that point, and V8 keeps its fast paths.
 */
export async function listen(app: Express, port: number): Promise<{ server: Server; port: number }> {
  const server = createServer(
    {
      IncomingMessage: withPrototype(IncomingMessage, app.request),
      ServerResponse: withPrototype<typeof ServerResponse<IncomingMessage>>(ServerResponse, app.response),
    },
    app,
  );
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(port, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port };
}

function withPrototype<Constructor>(original: Constructor, prototype: object): Constructor {
  function Tailored(...args: unknown[]): object {
    return Reflect.construct(original as () => void, args, Tailored) as object;
  }
  Tailored.prototype = prototype;
  return Tailored as unknown as Constructor;
}
