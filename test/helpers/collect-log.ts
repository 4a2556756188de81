import { setTimeout as sleep } from 'node:timers/promises';

export type LogEntry = Readonly<Record<string, unknown>>;

/** Collects what is logged, down to the least word. */
export function collectLog() {
  let text = '';
  const entries = () =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LogEntry);

  /** Those of a request. The last is written when the connection lets go of it, which the client may notice first. */
  async function entriesOf(requestId: string, count = 1): Promise<LogEntry[]> {
    for (let tries = 0; ; tries++) {
      const found = entries().filter(({ request_id }) => request_id === requestId);
      if (found.length >= count || tries > 500) return found;
      await sleep(10);
    }
  }

  return { logTo: { write: (line: string) => (text += line) }, log: () => text, entries, entriesOf };
}
