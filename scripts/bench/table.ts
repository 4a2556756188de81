import type { Figures, Results } from './results.ts';

const head = ['', '', 'CPU µs', 'to limit', 'requests/s', 'PostgreSQL µs', 'p50 ms', 'p99 ms'];

/** For a terminal. */
export function table({ cases }: Pick<Results, 'cases'>): string {
  return align([head, ...Object.entries(cases).flatMap(([name, servers]) => rowsOf(name, servers))]);
}

function rowsOf(name: string, servers: Readonly<Record<string, Figures>>): string[][] {
  return Object.entries(servers).map(([server, { cpu, rate, postgres, p50, p99 }], index) => [
    index === 0 ? name : '',
    server,
    cpu.toFixed(1),
    ratioTo(servers['limit'], cpu),
    rate.toFixed(0),
    postgres === null ? '–' : postgres.toFixed(0),
    p50.toFixed(2),
    p99.toFixed(2),
  ]);
}

function ratioTo(limit: Figures | undefined, cpu: number): string {
  return limit ? (cpu / limit.cpu).toFixed(2) : '–';
}

/** Words to the left, numbers to the right. */
export function align(rows: readonly (readonly string[])[], words = 2): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const pad = (text: string, column: number) =>
    column < words ? text.padEnd(widths[column] ?? 0) : text.padStart(widths[column] ?? 0);
  return rows.map((row) => row.map(pad).join('  ').trimEnd()).join('\n');
}
