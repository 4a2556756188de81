import { createHash } from 'node:crypto';
import type { Model, QueryBuilder } from 'objection';
import { nativeCode } from './database-errors.ts';
import { invalid } from './errors.ts';
import { isStorableText } from './text.ts';

/** The most that a list answers with at once. */
const longestList = 10_000;

export interface PageRequest {
  readonly limit?: number;
  readonly cursor?: string;
}

export interface Page<Item> {
  readonly items: Item[];
  /** Where the next page starts, if there is one. */
  readonly next?: string;
}

/** By which columns a list is sorted, all in one direction; the last makes the order total. */
export interface Order {
  readonly direction: 'asc' | 'desc';
  /** The column in the query, and its name in the row where that is another. */
  readonly columns: readonly (string | { readonly column: string; readonly as: string })[];
}

/**
 * Runs a query for the rows after the cursor: rows that come and go elsewhere move none of the others.
 * @throws {Problem} 400 for a cursor that no list of this kind has given
 */
export async function fetchPage<Of extends Model, Row extends object>(
  query: QueryBuilder<Of, Row[]>,
  { direction, columns }: Order,
  { limit = longestList, cursor }: PageRequest,
): Promise<Page<Row>> {
  const names = columns.map((each) => (typeof each === 'string' ? each : each.column));
  const fields = columns.map((each) =>
    typeof each === 'string' ? (each.split('.').at(-1) ?? each) : each.as,
  );
  const list = [query.modelClass().tableName, direction, ...names].join(' ');
  for (const name of names) void query.orderBy(name, direction);
  if (cursor !== undefined) {
    const after = readCursor(list, cursor);
    const marks = { names: names.map(() => '??').join(', '), values: names.map(() => '?').join(', ') };
    const sign = direction === 'asc' ? '>' : '<';
    void query.whereRaw(`(${marks.names}) ${sign} (${marks.values})`, [...names, ...after]);
  }
  // Objection would make a model of each row, which nobody needs.
  const found = query.limit(limit + 1).toKnexQuery() as unknown as Promise<Row[]>;
  const rows = await found.catch((error: unknown) => {
    // Whoever makes up a cursor with the right sum may still name a value that is none of its column's type.
    throw cursor !== undefined && nativeCode(error)?.startsWith('22') ? badCursor() : error;
  });
  const items = rows.slice(0, limit);
  const last = items.at(-1) as Record<string, unknown> | undefined;
  return rows.length > limit && last
    ? {
        items,
        next: writeCursor(
          list,
          fields.map((field) => last[field]),
        ),
      }
    : { items };
}

/** The sum tells a list's own cursors from those of others and from altered ones; it keeps no secret. */
function writeCursor(list: string, values: readonly unknown[]): string {
  const sum = createHash('sha256')
    .update(JSON.stringify([list, values]))
    .digest('base64url')
    .slice(0, 8);
  return Buffer.from(JSON.stringify([sum, ...values])).toString('base64url');
}

function readCursor(list: string, cursor: string): string[] {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    throw badCursor();
  }
  const values = Array.isArray(read) ? read.slice(1) : [];
  if (!values.every(isText) || writeCursor(list, values) !== cursor) throw badCursor();
  return values;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && isStorableText(value);
}

function badCursor() {
  return invalid([{ in: 'query', path: 'cursor', message: 'is not one that this list has given' }]);
}
