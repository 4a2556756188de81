import knex, { type Knex } from 'knex';
import type PostgresClient from 'knex/lib/dialects/postgres/index.js';
import pg from 'pg';
import { attemptLimit, boundedClient, type Limits } from './database/bounded-client.ts';

/** A pool of connections, or a transaction on one of them. */
export type Database = Knex;

/** A query whose text never changes, prepared once on each connection. */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

export interface DatabaseOptions extends Partial<Limits> {
  readonly poolSize?: number;
  /** How long a query may wait for one of the pool's connections, in milliseconds. */
  readonly acquireLimit?: number;
}

export function connectDatabase(url: string, options: DatabaseOptions = {}): Database {
  const { poolSize = 10, acquireLimit = 5_000, statementLimit = 5_000, preparedStatements = true } = options;
  return knex({
    client: boundedClient({ statementLimit, preparedStatements }),
    // The oldest that is supported: no connection has to be asked.
    version: '14',
    connection: {
      connectionString: url,
      types: { getTypeParser },
      application_name: 'tripod-api',
      connectionTimeoutMillis: attemptLimit,
    },
    pool: { min: 0, max: poolSize, idleTimeoutMillis: 30_000 },
    acquireConnectionTimeout: acquireLimit,
    // Whatever it warns of is thrown as well, and logged where it is answered.
    log: { warn: ignore, error: ignore },
  });
}

/** For what takes its time. One connection holds the lock while the other runs what may not be in a transaction. */
export function connectForMigrations(url: string, poolSize = 2): Database {
  return connectDatabase(url, { poolSize, statementLimit: 60 * 60_000, preparedStatements: false });
}

function ignore(): void {
  return;
}

/** Runs a prepared statement on the database's own pool or transaction; one without a name is given one. */
export async function runStatement<Row extends pg.QueryResultRow>(
  database: Database,
  { text, ...options }: Pick<Statement, 'text'> & Partial<Statement>,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = database.client as PostgresClient;
  const connection = await client.acquireConnection();
  try {
    const { response } = await client._query(connection, { sql: text, bindings: values, options });
    return response.rows as Row[];
  } catch (error) {
    // As knex does for its own: what it was about is in no other place of the log. The values are none of it.
    if (error instanceof pg.DatabaseError) error.message = `${text} - ${error.message}`;
    throw error;
  } finally {
    await client.releaseConnection(connection);
  }
}

/** How many queries wait for one of the pool's connections. */
export function queriesWaiting({ client }: Database): number {
  return (client as PostgresClient).pool?.numPendingAcquires() ?? 0;
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
