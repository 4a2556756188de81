import type pg from 'pg';
import { NoConnection } from '../database-errors.ts';
import { requestCancel } from './cancel.ts';

/** How long an answer may take, in milliseconds. */
export interface Patience {
  /** Then the server is asked to stop. */
  readonly cancelAfter?: number;
  /** Then nobody seems to be there, and the connection is broken off. */
  readonly breakAfter: number;
}

/**
 * The limits are kept on this side: a pooler would not pass those of the server on, and a server that is gone keeps none.
 * @throws {NoConnection}
 * @throws {Error} with the code `57014` for what was cancelled, `ETIMEDOUT` where nobody answers
 */
export async function ask(
  connection: pg.Client,
  query: string | pg.QueryConfig,
  { cancelAfter, breakAfter }: Patience,
): Promise<pg.QueryResult> {
  const cancelling =
    cancelAfter === undefined ? undefined : setTimeout(() => void requestCancel(connection), cancelAfter);
  const breaking = setTimeout(() => {
    breakOff(connection);
  }, breakAfter);
  try {
    return await connection.query(query);
  } catch (error) {
    throw isWithoutConnection(error) ? new NoConnection(error) : error;
  } finally {
    clearTimeout(cancelling);
    clearTimeout(breaking);
  }
}

/** pg has no code for it, and knex puts its query in front of the message. */
function isWithoutConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    /^(Connection terminated|Client (has encountered|was closed))/.test(error.message)
  );
}

/** Without words of parting, which nobody would hear. */
export function breakOff(connection: pg.Client): void {
  const { stream } = (connection as unknown as { connection: pg.Connection }).connection;
  stream.destroy(Object.assign(new Error('The database does not answer.'), { code: 'ETIMEDOUT' }));
}
