import {
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
} from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { buffer } from 'node:stream/consumers';

export interface Forwarded {
  readonly method: string;
  /** As in the contract, with the query. */
  readonly path: string;
  readonly requestHeaders: IncomingHttpHeaders;
  readonly requestBody: Buffer;
  readonly status: number;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** Where one hop ends; the next one has its own. */
const hopByHop = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'content-length',
  'upgrade',
  'proxy-connection',
];

/**
 * A server on this machine that hands every request on, and every answer back.
 * @param base address of a deployment, with or without a path
 * @param look sees what was answered, and says what the client gets
 * @throws {Error} when the port is taken
 */
export async function forward(
  base: string,
  port: number,
  look: (forwarded: Forwarded) => Pick<Forwarded, 'status' | 'headers' | 'body'>,
): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    void handOn(base, request)
      .then((forwarded) => {
        const { status, headers, body } = look(forwarded);
        response.writeHead(status, fieldsOf(headers));
        response.end(body);
      })
      .catch((error: unknown) => {
        response.writeHead(502, { 'Content-Type': 'text/plain' });
        response.end(`${base} does not answer: ${(error as Error).message}\n`);
      });
  });
  server.listen(port, 'localhost');
  await once(server, 'listening');
  return { server, url: `http://localhost:${(server.address() as AddressInfo).port}` };
}

async function handOn(base: string, request: IncomingMessage): Promise<Forwarded> {
  const { method = 'GET', url: path = '/' } = request;
  const requestBody = await buffer(request);
  const target = new URL(base + path);
  const send = target.protocol === 'https:' ? httpsRequest : httpRequest;
  const headers = Object.entries(request.headers).filter(([name]) => ![...hopByHop, 'host'].includes(name));
  const onward = send(target, {
    method,
    // Compressed it could not be read along.
    headers: { ...Object.fromEntries(headers), 'accept-encoding': 'identity' },
    timeout: 60_000,
  });
  onward.once('timeout', () => onward.destroy(new Error('nothing came within 60 seconds')));
  onward.end(requestBody);
  const [answer] = (await once(onward, 'response')) as [IncomingMessage];
  const body = await buffer(answer);
  return {
    ...{ method, path, requestHeaders: request.headers, requestBody },
    ...{ status: answer.statusCode ?? 0, headers: received(answer), body },
  };
}

function received({ rawHeaders }: IncomingMessage): Headers {
  const headers = new Headers();
  for (let index = 0; index < rawHeaders.length; index += 2)
    headers.append(rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '');
  return headers;
}

/** With the length of what is sent now; a HEAD keeps what it was told. */
function fieldsOf(headers: Headers): [string, string][] {
  return [...headers].filter(([name]) => !hopByHop.includes(name));
}
