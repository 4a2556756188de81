import { connect, type Socket } from 'node:net';
import { writeRequest, type RawRequest } from './request.ts';

export interface ClientOptions {
  readonly port: number;
  readonly request: RawRequest;
  readonly status: number;
  /** The field of an answer that makes the next request's body. */
  readonly follow: string | undefined;
  readonly isOver: () => boolean;
  /** Milliseconds from a request to the end of its answer. */
  readonly onAnswer: (latency: number) => void;
}

/**
 * One request after the other on one connection, until it is over. It reads no more of an answer than where it ends, so
 * that it takes little from the servers.
 * @returns the request that would be next
 * @throws {Error} for any other status
 */
export async function runClient({ follow, ...options }: ClientOptions): Promise<RawRequest> {
  const socket = connect({ port: options.port, host: '127.0.0.1', noDelay: true });
  const exchange = exchanger(socket);
  let { request } = options;
  let bytes = Buffer.from(writeRequest(request));
  while (!options.isOver()) {
    const started = performance.now();
    const { status, body } = await exchange(bytes);
    options.onAnswer(performance.now() - started);
    if (status !== options.status)
      throw new Error(`${request.method} ${request.path} is answered ${status}: ${body.toString()}`);
    if (follow === undefined) continue;
    const answer = JSON.parse(body.toString()) as Record<string, unknown>;
    request = { ...request, body: JSON.stringify({ [follow]: answer[follow] }) };
    bytes = Buffer.from(writeRequest(request));
  }
  socket.destroy();
  return request;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
}

const endOfHead = Buffer.from('\r\n\r\n');

function exchanger(socket: Socket): (request: Buffer) => Promise<Answer> {
  let settle: { resolve: (answer: Answer) => void; reject: (error: Error) => void } | undefined;
  let chunks: Buffer[] = [];
  let received = 0;
  let expected = 0;
  let headLength = 0;
  let status = 0;

  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    received += chunk.length;
    if (headLength === 0 && !readHead()) return;
    if (received < expected) return;
    const body = Buffer.concat(chunks).subarray(headLength);
    chunks = [];
    received = expected = headLength = 0;
    settle?.resolve({ status, body });
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('The connection was closed before the answer.')));

  /** @returns whether all of it is there */
  function readHead(): boolean {
    const whole = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    const end = whole.indexOf(endOfHead);
    if (end < 0) return false;
    const head = whole.toString('latin1', 0, end);
    status = Number(head.slice(9, 12));
    const length = /^content-length: (\d+)$/im.exec(head)?.[1] ?? (status === 204 ? '0' : undefined);
    if (length === undefined) {
      socket.destroy(new Error(`The answer does not say how long it is:\n${head}`));
      return false;
    }
    headLength = end + endOfHead.length;
    expected = headLength + Number(length);
    return true;
  }

  return (request) =>
    new Promise((resolve, reject) => {
      settle = { resolve, reject };
      socket.write(request);
    });
}
