import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface Connection {
  readonly socket: Socket;
  /** Sends characters as single bytes. */
  readonly send: (text: string) => void;
  /** All complete answers, once there are so many or the service has closed the connection. */
  readonly answers: (count: number) => Promise<RawAnswer[]>;
  /** All complete answers, once the service has closed the connection. */
  readonly closed: () => Promise<RawAnswer[]>;
  readonly received: () => Buffer;
}

const patience = 20_000;

/** A connection on which anything can be said, HTTP or not. */
export function openConnection(url: string): Connection {
  const { hostname, port } = new URL(url);
  // A closed connection is what many tests wait for, however it closes.
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  const received = () => Buffer.concat(chunks);

  async function until(isEnough: (answers: RawAnswer[]) => boolean): Promise<RawAnswer[]> {
    const deadline = Date.now() + patience;
    for (;;) {
      const isClosed = socket.destroyed;
      const answers = answersIn(received());
      if (isClosed || isEnough(answers)) return answers;
      if (Date.now() > deadline)
        throw new Error(`not closed, but ${received().toString('latin1').slice(0, 500)}`);
      await sleep(10);
    }
  }

  return {
    socket,
    send: (text) => {
      socket.write(Buffer.from(text, 'latin1'));
    },
    answers: (count) => until((answers) => answers.length >= count),
    closed: () => until(() => false),
    received,
  };
}

/** Says one thing, and gives all answers once the service has closed the connection. */
export function say(url: string, text: string): Promise<RawAnswer[]> {
  const connection = openConnection(url);
  connection.send(text);
  return connection.closed();
}

function answersIn(bytes: Buffer): RawAnswer[] {
  const answers: RawAnswer[] = [];
  for (let rest = bytes; ;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const [first = '', ...lines] = rest.subarray(0, end).toString('latin1').split('\r\n');
    const headers = new Headers(lines.map((line) => pair(line)));
    const start = end + 4;
    const length = Number(headers.get('Content-Length') ?? 0);
    if (rest.length < start + length) return answers;
    const text = rest.subarray(start, start + length).toString();
    const isJson = /\bjson\b/.test(headers.get('Content-Type') ?? '') && text !== '';
    answers.push({
      status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(first)?.[1]),
      headers,
      body: isJson ? (JSON.parse(text) as unknown) : text,
    });
    rest = rest.subarray(start + length);
  }
}

function pair(line: string): [string, string] {
  const colon = line.indexOf(':');
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
