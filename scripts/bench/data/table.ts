import { different, type Random } from './random.ts';

export type Value = string | number | boolean | null;

/** Rows to be, made as they are asked for. */
export interface Rows {
  readonly count: number;
  readonly rows: Iterable<readonly Value[]>;
}

export interface Table extends Rows {
  readonly name: string;
  /** In the order of the rows' values. */
  readonly columns: readonly string[];
}

/** All ids of a kind begin alike and ascend, as those that the service makes do. */
export function idMaker(kind: number): (number: number) => string {
  const beginning = `01980000-${kind.toString(16).padStart(4, '0')}-7000-8000-`;
  return (number) => beginning + number.toString(16).padStart(12, '0');
}

/** So many rows, each from its number and a text that is its id. */
export function numbered(
  count: number,
  idOf: (number: number) => string,
  row: (number: number, id: string) => readonly Value[],
): Rows {
  function* rows() {
    for (let number = 0; number < count; number += 1) yield row(number, idOf(number));
  }
  return { count, rows: rows() };
}

/** What each of some has of others: as many as its share says, all different. */
export function paired(
  random: Random,
  { shares, others }: { shares: readonly number[]; others: number },
  row: (one: number, other: number, number: number) => readonly Value[],
): Rows {
  function* rows() {
    let number = 0;
    for (const [one, share] of shares.entries())
      for (const other of different(random, share, others)) yield row(one, other, number++);
  }
  return { count: shares.reduce((one, other) => one + other, 0), rows: rows() };
}

/** A row in the text format of COPY. */
export function writeRow(row: readonly Value[]): string {
  let line = '';
  for (const value of row) {
    if (line !== '') line += '\t';
    line += value === null ? '\\N' : typeof value === 'string' ? escape(value) : String(value);
  }
  return line + '\n';
}

function escape(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (letter) => escapes[letter] ?? letter) : text;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
