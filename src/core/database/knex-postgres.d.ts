/** What a dialect of one's own may build upon; knex's types leave it out. */
declare module 'knex/lib/dialects/postgres/index.js' {
  import type { Knex } from 'knex';
  import type { Client, QueryResult } from 'pg';
  import type { Pool } from 'tarn';

  export interface SentQuery {
    readonly sql: string;
    readonly bindings?: readonly unknown[];
    /** The name of a prepared statement. */
    readonly options?: { readonly name?: string };
  }

  /** Its constructor's prototype serves transactions as well. */
  export default class PostgresClient extends Knex.Client {
    pool: Pool<Client> | undefined;
    acquireConnection(): Promise<Client>;
    acquireRawConnection(): Promise<Client>;
    _query(connection: Client, query: SentQuery): Promise<SentQuery & { readonly response: QueryResult }>;
  }
}
