import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { fromRunner } from './databases.ts';

/** What a fault did to those who used the service meanwhile. */
export interface FaultRow {
  readonly fault: string;
  readonly load: string;
  readonly requests: number;
  /** Answers that nobody should get, and requests without one. */
  readonly failed: number;
  /** Answered 503 with `Retry-After`. */
  readonly unavailable: number;
  readonly lostWrites: number;
  /** Milliseconds from when all is well again to the last request that still did not succeed. */
  readonly recovery?: number;
}

export function reportFault(row: FaultRow): void {
  appendFileSync(fromRunner('TEST_FAULTS_FILE'), `${JSON.stringify(row)}\n`);
}

const columns: readonly [title: string, cell: (row: FaultRow) => string][] = [
  ['Fault', ({ fault }) => fault],
  ['Load during it', ({ load }) => load],
  ['Requests', ({ requests }) => String(requests)],
  ['Failed', ({ failed }) => String(failed)],
  ['503', ({ unavailable }) => String(unavailable)],
  ['Lost writes', ({ lostWrites }) => String(lostWrites)],
  ['Recovery', ({ recovery }) => (recovery === undefined ? '' : `${(recovery / 1000).toFixed(2)} s`)],
];

/** All rows that were reported, as Markdown; empty if there are none. */
export function faultTable(file: string): string {
  if (!existsSync(file)) return '';
  const rows = readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as FaultRow);
  const table = columns.map(([title, cell]) => {
    const cells = [title, ...rows.map(cell)];
    const width = Math.max(...cells.map(({ length }) => length));
    const [head = '', ...rest] = cells.map((text) => text.padEnd(width));
    return [head, '-'.repeat(width), ...rest];
  });
  const lines = Array.from({ length: rows.length + 2 }, (_, line) =>
    table.map((column) => column[line] ?? ''),
  );
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}
