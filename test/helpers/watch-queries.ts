import pg from 'pg';

export interface WatchedQuery {
  readonly text: string;
  readonly values?: readonly unknown[];
}

/**
 * Has all connections of this process tell what they ask for, whoever asks it.
 * @returns what ends that
 */
export function watchQueries(onQuery: (query: WatchedQuery) => void): () => void {
  const prototype = pg.Client.prototype as unknown as { query: (...given: unknown[]) => unknown };
  const send = Reflect.get(prototype, 'query');
  prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [query] = given as [string | WatchedQuery];
    // As a plain text it only asks whether a connection is still good.
    if (typeof query !== 'string') onQuery(query);
    return Reflect.apply(send, this, given);
  };
  return () => {
    prototype.query = send;
  };
}
