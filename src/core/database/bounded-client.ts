import PostgresClient, { type SentQuery } from 'knex/lib/dialects/postgres/index.js';
import type pg from 'pg';
import { nativeCode, NoConnection } from '../database-errors.ts';
import { ask, breakOff, type Patience } from './ask.ts';
import { givenName } from './given-names.ts';

export interface Limits {
  /** How long a statement may run, and a transaction wait for its next one, in milliseconds. */
  readonly statementLimit: number;
  /** False for a pooler that does not know them. */
  readonly preparedStatements: boolean;
}

/** In milliseconds: long enough for a database that wakes up, short enough to notice soon that one is back. */
export const attemptLimit = 1_500;
const mostAttempts = 3;
const mostWaiting = 500;
/** In milliseconds. For so long after an answer a connection is taken to be good. */
const trusted = 500;
const checkLimit = 1_000;
const cancelLimit = 1_000;
const partingLimit = 1_000;

/** knex, with an end to every wait: for a connection, an answer, a transaction that was left behind, a good-bye. */
export function boundedClient({ statementLimit, preparedStatements }: Limits) {
  const patience = { cancelAfter: statementLimit, breakAfter: statementLimit + cancelLimit };
  const lastAnswers = new WeakMap<pg.Client, number>();
  /** When a connection was found dead without a word: others that have not answered since may be so too. */
  let silence = 0;

  async function askAndNote(
    connection: pg.Client,
    query: string | pg.QueryConfig,
    patience: Patience,
  ): Promise<pg.QueryResult> {
    try {
      const result = await ask(connection, query, patience);
      lastAnswers.set(connection, performance.now());
      return result;
    } catch (error) {
      if (nativeCode(error) === 'ETIMEDOUT') silence = performance.now();
      throw error;
    }
  }

  return class extends PostgresClient {
    override async acquireConnection(): Promise<pg.Client> {
      try {
        if ((this.pool?.numPendingAcquires() ?? 0) >= mostWaiting) throw new Error('Too many are waiting.');
        return await super.acquireConnection();
      } catch (error) {
        throw new NoConnection(error);
      }
    }

    override async acquireRawConnection(): Promise<pg.Client> {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const connection = await super.acquireRawConnection();
          lastAnswers.set(connection, performance.now());
          return connection;
        } catch (error) {
          const isLate = (error as Error).message === 'timeout expired';
          if (!isLate || attempt === mostAttempts) throw error;
        }
      }
    }

    /** Whether an idle connection is used once more. */
    override async validateConnection(connection: pg.Client): Promise<boolean> {
      const last = lastAnswers.get(connection) ?? 0;
      if (last <= silence) return false;
      if (performance.now() - last < trusted) return true;
      return askAndNote(connection, 'select 1', { breakAfter: checkLimit }).then(
        () => true,
        () => false,
      );
    }

    override async _query(connection: pg.Client, query: SentQuery) {
      const { sql, bindings = [], options } = query;
      // An instance that vanishes in the middle would leave its locks behind.
      const pause = sql.startsWith('BEGIN')
        ? `set local idle_in_transaction_session_timeout = ${statementLimit}`
        : '';
      const name = preparedStatements ? (options?.name ?? givenName(sql, bindings)) : undefined;
      const asked = { text: sql + pause, values: [...bindings], ...(name === undefined ? {} : { name }) };
      return Object.assign(query, { response: await askAndNote(connection, asked, patience) });
    }

    override async destroyRawConnection(connection: pg.Client): Promise<void> {
      const breaking = setTimeout(() => {
        breakOff(connection);
      }, partingLimit);
      await connection.end();
      clearTimeout(breaking);
    }
  };
}
