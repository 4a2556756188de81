import type { Row } from './walk.ts';

const width = 58;

export const heading = line('', 'requests', 'answer');

export function tableRow({ what, requests, outcome, findings }: Row): string {
  const isWell = findings.length === 0;
  return [
    line(what, String(requests), isWell ? outcome : 'NOT as the contract says'),
    ...findings.map((finding) => `    ${finding}`),
  ].join('\n');
}

export function summary(rows: readonly Row[]): string {
  const requests = rows.reduce((sum, row) => sum + row.requests, 0);
  const wrong = rows.filter(({ findings }) => findings.length > 0).length;
  const verdict = wrong === 0 ? 'all as the contract says' : `${wrong} of them not as the contract says`;
  return `${rows.length} rows, ${requests} requests: ${verdict}.`;
}

function line(what: string, requests: string, answer: string): string {
  return `${what.padEnd(width)} ${requests.padStart(8)}  ${answer}`;
}
