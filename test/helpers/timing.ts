import { Agent, request } from 'node:http';
import type { RawRequest } from './client.ts';

export interface TimedAnswer {
  /** From the sending of the request to the end of the answer. */
  readonly milliseconds: number;
  readonly status: number;
  /** In their order, with their spelling. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: unknown;
}

/** Sends requests one after the other on one connection, and takes their time. */
export function createTimer(url: string) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });

  async function time({ method, path, headers, body = '' }: RawRequest): Promise<TimedAnswer> {
    return new Promise((resolve, reject) => {
      const length = { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) };
      const sent = request(url + path, { agent, method, headers: { ...length, ...headers } });
      let start = 0n;
      sent.on('error', reject).on('response', (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('error', reject).on('end', () => {
          const milliseconds = Number(process.hrtime.bigint() - start) / 1e6;
          const { rawHeaders, statusCode = 0 } = response;
          const pairs = rawHeaders.flatMap((name, index) =>
            index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] as const] : [],
          );
          resolve({
            milliseconds,
            status: statusCode,
            headers: pairs,
            body: text === '' ? '' : JSON.parse(text),
          });
        });
      });
      start = process.hrtime.bigint();
      sent.end(body);
    });
  }

  return {
    time,
    close: () => {
      agent.destroy();
    },
  };
}

/**
 * How well the size of a value tells which of two samples it is from: the probability that one of the first is greater than
 * one of the second, equal ones counting half (Mann–Whitney). 0.5 is not at all, 0 and 1 are always.
 */
export function areaUnderCurve(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const one of first) for (const other of second) wins += one > other ? 1 : one === other ? 0.5 : 0;
  return wins / (first.length * second.length);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}
