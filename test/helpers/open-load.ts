import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import type { Schema } from '../../src/core/schema.ts';
import { readBody } from '../conformance/read-body.ts';
import { checkExchange } from './check-exchange.ts';
import type { RawRequest } from './client.ts';
import { operationAt } from './contract.ts';

interface Exchange {
  readonly sent: RawRequest;
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** In milliseconds, from when it was due. */
  readonly took: number;
}

export interface OpenLoad {
  /** In milliseconds each, shortest first. */
  readonly served: readonly number[];
  readonly shed: readonly number[];
  /** Successes in a second. */
  readonly throughput: number;
  readonly exchanges: readonly Exchange[];
  /** The names of the projects that were made. */
  readonly acknowledged: string[];
}

const mostSockets = 1_000;

/** Sends requests at their times, however long those before take: clients in the field don't wait for each other. */
export async function sendAtRate(
  url: string,
  { rate, seconds }: { rate: number; seconds: number },
  next: (index: number) => RawRequest,
): Promise<OpenLoad> {
  const agent = new Agent({ keepAlive: true, maxSockets: mostSockets });
  const start = performance.now();
  const total = Math.round(rate * seconds);
  const exchanges: Promise<Exchange>[] = [];
  while (exchanges.length < total) {
    const due = Math.min(total, ((performance.now() - start) / 1000) * rate);
    while (exchanges.length < due) {
      const dueAt = start + (exchanges.length / rate) * 1000;
      exchanges.push(send(url, agent, next(exchanges.length), dueAt));
    }
    await wait(1);
  }
  const all = await Promise.all(exchanges);
  const lasted = (performance.now() - start) / 1000;
  agent.destroy();
  for (const exchange of all) check(exchange);
  const took = (isMeant: (status: number) => boolean) =>
    all
      .filter(({ status }) => isMeant(status))
      .map((exchange) => exchange.took)
      .sort((a, b) => a - b);
  const served = took((status) => status < 300);
  return {
    served,
    shed: took((status) => status === 503),
    throughput: served.length / lasted,
    exchanges: all,
    acknowledged: all
      .filter(({ status }) => status === 201)
      .map(({ text }) => (JSON.parse(text) as Schema<'Project'>).name),
  };
}

async function send(url: string, agent: Agent, sent: RawRequest, dueAt: number): Promise<Exchange> {
  const { method, path, as, headers, body } = sent;
  const outgoing = request(url + path, {
    agent,
    method,
    headers: { ...headers, ...(as ? { authorization: `Bearer ${as.access_token}` } : {}) },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    outgoing.once('response', resolve).once('error', reject).end(body);
  });
  const received = await text(response);
  const took = performance.now() - dueAt;
  return {
    sent,
    status: response.statusCode ?? 0,
    headers: new Headers(response.headers as Record<string, string>),
    text: received,
    took,
  };
}

function check({ sent, status, headers, text }: Exchange): void {
  const operation = operationAt(sent.method, sent.path);
  if (!operation) throw new Error(`the contract has no ${sent.method} ${sent.path}`);
  const { method, path, body } = sent;
  checkExchange(operation, { method, path, body }, { status, headers, body: readBody(text, headers) });
}
