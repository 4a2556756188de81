import knex, { type Knex } from 'knex';
import pg from 'pg';

/** A pool of connections, or a transaction on one of them. */
export type Database = Knex;

/** A query whose text never changes, prepared once on each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export function connectDatabase(url: string, poolSize = 20): Database {
  return knex({
    client: 'pg',
    connection: { connectionString: url, types: { getTypeParser }, application_name: 'tripod-api' },
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: 5_000,
    // Whatever it warns of is thrown as well, and logged where it is answered.
    log: { warn: ignore, error: ignore },
  });
}

function ignore(): void {
  return;
}

/** Runs a prepared statement on the database's own pool or transaction. */
export async function runStatement<Row extends pg.QueryResultRow>(
  database: Database,
  statement: Statement,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = database.client as Knex.Client;
  const connection = (await client.acquireConnection()) as pg.Client;
  try {
    const { rows } = await connection.query<Row>({ ...statement, values: [...values] });
    return rows;
  } finally {
    await client.releaseConnection(connection);
  }
}

const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;
const parserOf = pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown;

function getTypeParser(oid: number, format?: string): (value: string) => unknown {
  if (oid === timestamptz && format !== 'binary') return toRfc3339;
  return parserOf(oid, format);
}

/** PostgreSQL's `2026-01-31 09:05:07.12+00` as `2026-01-31T09:05:07.120Z`. */
function toRfc3339(value: string): string {
  if (!value.endsWith('+00') || value.length > 26) return new Date(value).toISOString();
  const fraction = value.slice(20, -3).padEnd(3, '0');
  return `${value.slice(0, 10)}T${value.slice(11, 19)}.${fraction}Z`;
}
