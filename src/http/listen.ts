import { createServer, IncomingMessage, ServerResponse, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import type { Watching } from '../core/context.ts';
import { answerBrokenRequests } from './answer-broken-requests.ts';
import { serveUntilDrained, type Drain } from './drain.ts';
import { limitConnections } from './limit-connections.ts';
import { lingerAfterEarlyAnswers } from './linger.ts';
import { oneAtATime, type LastResponses } from './one-at-a-time.ts';
import { portTaken } from './port-taken.ts';

/** In milliseconds, all but the last two. */
export interface ConnectionLimits {
  /** For a request's headers to arrive. */
  readonly headersTimeout: number;
  /** For all of a request to arrive. */
  readonly requestTimeout: number;
  /** For a connection on which nothing moves, such as one whose client doesn't read its answer; Node may take it twice. */
  readonly idleTimeout: number;
  /** For the next request: longer than the 60 s of proxies, which would else send one on a connection that just closes. */
  readonly keepAliveTimeout: number;
  /** How often the first two are looked at. */
  readonly checkInterval: number;
  /** In bytes, the request line included. */
  readonly maxHeaderSize: number;
  /** At once. A slow request may keep some 120 KB for its minute. */
  readonly mostConnections: number;
}

/** Wide enough for poor connections. */
const usualLimits: ConnectionLimits = {
  headersTimeout: 20_000,
  requestTimeout: 60_000,
  idleTimeout: 60_000,
  keepAliveTimeout: 65_000,
  checkInterval: 3_000,
  maxHeaderSize: 16_384,
  mostConnections: 2_000,
};

/**
 * Express gives every request and response the prototypes `app.request` and `app.response`. Made with them from the start,
 * nothing changes at that point, and V8 keeps its fast paths.
 * @throws {SettingError} when another program has the port
 */
export async function listen(
  app: Express,
  port: number,
  { limits = {}, ...watching }: Watching & { limits?: Partial<ConnectionLimits> },
): Promise<{ server: Server; port: number; drain: Drain }> {
  const { idleTimeout, checkInterval, mostConnections, ...given } = { ...usualLimits, ...limits };
  const lastResponses: LastResponses = new WeakMap();
  const OwnRequest = withPrototype(IncomingMessage, app.request);
  const OwnResponse = withPrototype<typeof ServerResponse<IncomingMessage>>(ServerResponse, app.response);
  Object.assign(app, { request: OwnRequest.prototype, response: OwnResponse.prototype });
  const server = createServer({
    IncomingMessage: OwnRequest,
    ServerResponse: OwnResponse,
    ...given,
    connectionsCheckingInterval: checkInterval,
    // The app says it in its own words.
    requireHostHeader: false,
  });
  server.timeout = idleTimeout;
  // Node would leave out the headers that are too many: the app has to see that there are.
  server.maxHeadersCount = 0;
  limitConnections(server, mostConnections, watching.metrics);
  lingerAfterEarlyAnswers(server, lastResponses);
  answerBrokenRequests(server, lastResponses, watching);
  const drain = serveUntilDrained(server, oneAtATime(app, lastResponses), lastResponses);
  await new Promise<void>((resolve, reject) => {
    const refuse = (error: Error) => {
      reject(portTaken(error, 'PORT', port));
    };
    server.once('error', refuse).listen(port, resolve);
  });
  return { server, port: (server.address() as AddressInfo).port, drain };
}

/** By a class, since V8 gives all objects of one class the same shape, and each that `Reflect.construct` makes one of its own. */
function withPrototype<Constructor>(original: Constructor, prototype: object): Constructor {
  class Tailored extends (original as new (...args: unknown[]) => object) {}
  Object.setPrototypeOf(Tailored.prototype, prototype);
  return Tailored as Constructor;
}
