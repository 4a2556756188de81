import type { Signed } from '../helpers/client.ts';
import type { Received } from './check-answer.ts';
import { readBody } from './read-body.ts';

export interface Question {
  readonly method?: string;
  /** As in the contract, with the query. */
  readonly path: string;
  readonly as?: Signed | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Deployment {
  readonly url: string;
  /** One request after the other; after a 429 once more, as soon as it may. */
  readonly ask: (question: Question) => Promise<Received>;
  /** How often it was asked so far. */
  readonly asked: () => number;
}

/** Nobody answers; the message says where, and why not. */
export class NoAnswer extends Error {}

const patience = 30_000;

/** @param longestWait in seconds, for what a 429 asks for */
export function reach(url: string, longestWait = 60): Deployment {
  let asked = 0;
  const ask = async (question: Question, isRepeated = false): Promise<Received> => {
    asked += 1;
    const received = await send(url, question);
    const wait = Number(received.headers.get('Retry-After') ?? NaN);
    if (received.status !== 429 || isRepeated || !(wait <= longestWait)) return received;
    await new Promise((resolve) => setTimeout(resolve, wait * 1000));
    return ask(question, true);
  };
  return { url, ask: (question) => ask(question), asked: () => asked };
}

/** @throws {NoAnswer} */
async function send(url: string, { method = 'GET', path, as, headers, body }: Question): Promise<Received> {
  try {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(as ? { Authorization: `Bearer ${as.access_token}` } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(patience),
    });
    const text = await response.text();
    const { status, headers: received } = response;
    return { status, headers: received, body: readBody(text, received) };
  } catch (error) {
    throw new NoAnswer(
      `${url} does not answer ${method} ${path.split('?', 1)[0]}: ${reason(error as Error)}`,
    );
  }
}

function reason({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `nothing came within ${patience / 1000} seconds`;
  const { code, message: inner } = (cause ?? {}) as Partial<NodeJS.ErrnoException>;
  return code ?? inner ?? message;
}
