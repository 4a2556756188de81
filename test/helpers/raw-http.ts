import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import { readBody } from '../conformance/read-body.ts';
import { checkExchange, checkProblem } from './check-exchange.ts';
import type { Answer, RawRequest } from './client.ts';
import { operationAt } from './contract.ts';
import { keepsConnections } from './scaled.ts';

/** Also what `fetch` forbids or mends: other methods, bodies with GET, odd paths, headers of its own. */
export interface OddRequest extends RawRequest {
  /** Sends the body in chunks, without telling its length. */
  readonly chunked?: boolean;
  /** Whose connections it is sent on; all share some otherwise, where there is one instance. */
  readonly agent?: Agent;
}

const sharedAgent = new Agent({ keepAlive: keepsConnections, maxFreeSockets: 64 });

const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: gunzipSync,
  deflate: inflateSync,
  br: brotliDecompressSync,
};

/** Sends just what is asked for, no header more than HTTP needs; what comes back is checked against the contract. */
export async function sendOdd(
  url: string,
  { method, path, as, headers, body, chunked = false, agent = sharedAgent }: OddRequest,
): Promise<Answer<unknown> & { text: string }> {
  const sent = request(url + path, {
    agent,
    method,
    path,
    headers: {
      ...(as ? { authorization: `Bearer ${as.access_token}` } : {}),
      ...(body === undefined || chunked ? {} : { 'content-length': Buffer.byteLength(body) }),
      ...headers,
    },
  });
  if (chunked) sent.flushHeaders();
  sent.end(body);
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  const bytes = await buffer(response);
  const received = new Headers(pairs(response.rawHeaders));
  const text = readable(bytes, received.get('Content-Encoding'));
  const answer = {
    status: response.statusCode ?? 0,
    headers: received,
    body: readBody(text, received),
    text,
  };
  if (answer.status >= 400 && method !== 'HEAD') checkProblem(answer);
  const operation = operationAt(method, path);
  if (operation) {
    const given =
      operation.bodySchema && body !== undefined && answer.status < 300
        ? readable(Buffer.from(body), headers?.['content-encoding'])
        : undefined;
    checkExchange(operation, { method, path, body: given }, answer);
  }
  return answer;
}

function readable(bytes: Buffer, encoding: string | null | undefined): string {
  const decode = decoders[encoding ?? ''];
  return new TextDecoder().decode(decode && bytes.length > 0 ? decode(bytes) : bytes);
}

function pairs(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ]);
}
