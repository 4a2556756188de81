import { hash } from 'node:crypto';
import type { AnyQueryBuilder } from 'objection';
import type { Database } from './database.ts';
import { nativeCode } from './database-errors.ts';
import { invalid } from './errors.ts';
import { prepareQuery } from './prepared-query.ts';
import { isStorableText } from './text.ts';

/** The most that a list answers with at once. */
const longestList = 10_000;

export interface PageRequest {
  readonly limit?: number | undefined;
  readonly cursor?: string | undefined;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Where the next page starts, if there is one. */
  readonly next?: string;
}

/** In the query; and its name in the row, where that is another. */
type Column = string | { readonly column: string; readonly as: string };

/** By which columns a list is sorted, all in one direction; the last makes the order total. */
export interface Order {
  readonly direction: 'asc' | 'desc';
  readonly columns: readonly [Column] | readonly [Column, Column];
}

export type FetchPage<Row, Parameters> = (
  database: Database,
  parameters: Parameters,
  page: PageRequest,
) => Promise<Page<Row>>;

/**
 * A list that is asked for page by page, of the rows after the cursor: rows that come and go elsewhere move none of the others.
 * It throws a {@link Problem} 400 for a cursor that no list of this kind has given.
 * @param build as for `prepareQuery`, all but the order
 */
export function preparePages<Row extends object, Parameters extends object = object>(
  { tableName }: { readonly tableName: string },
  { direction, columns }: Order,
  build: (parameters: Parameters, database: Database) => AnyQueryBuilder,
): FetchPage<Row, Parameters> {
  const names = columns.map((each) => (typeof each === 'string' ? each : each.column));
  const fields = columns.map((each) =>
    typeof each === 'string' ? (each.split('.').at(-1) ?? each) : each.as,
  );
  const list = [tableName, direction, ...names].join(' ');
  const sign = direction === 'asc' ? '>' : '<';
  const marksOf = (mark: string) => names.map(() => mark).join(', ');
  const order = names.map(() => `?? ${direction}`).join(', ');

  const findRows = prepareQuery<Row, Parameters & Place>(
    ({ limit, first, second, ...parameters }, database) => {
      const query = build(parameters as unknown as Parameters, database);
      const after = [first, second].filter((value) => value !== undefined);
      if (after.length > 0)
        void query.whereRaw(`(${marksOf('??')}) ${sign} (${marksOf('?')})`, [...names, ...after]);
      // For a limit of its own, knex takes nothing but numbers.
      return query.orderByRaw(`${order} limit ?`, [...names, limit]);
    },
  );

  return async (database, parameters, { limit = longestList, cursor }) => {
    const [first, second] = cursor === undefined ? [] : readCursor(list, names.length, cursor);
    const rows = await findRows(database, { ...parameters, first, second, limit: limit + 1 }).catch(
      (error: unknown) => {
        // Whoever makes up a cursor with the right sum may still name a value that is none of its column's type.
        throw cursor !== undefined && nativeCode(error)?.startsWith('22') ? badCursor() : error;
      },
    );
    if (rows.length <= limit) return { items: rows };
    const last = rows[limit - 1] as Record<string, unknown>;
    const values = fields.map((field) => last[field]);
    return { items: rows.slice(0, limit), next: writeCursor(list, values) };
  };
}

/** Where a page ends, and after which values of the order's columns it starts. */
interface Place {
  readonly limit: number;
  readonly first: string | undefined;
  readonly second: string | undefined;
}

/** The sum tells a list's own cursors from those of others and from altered ones; it keeps no secret. */
function writeCursor(list: string, values: readonly unknown[]): string {
  const sum = hash('sha256', JSON.stringify([list, values]), 'base64url').slice(0, 8);
  return Buffer.from(JSON.stringify([sum, ...values])).toString('base64url');
}

function readCursor(list: string, length: number, cursor: string): string[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badCursor();
  }
  const values = Array.isArray(read) ? read.slice(1) : [];
  if (values.length !== length || !values.every(isText) || writeCursor(list, values) !== cursor)
    throw badCursor();
  return values;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorableText(value);
}

function badCursor() {
  return invalid([{ in: 'query', path: 'cursor', message: 'is not one that this list has given' }]);
}
