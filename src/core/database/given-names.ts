const prefix = 'knex-';
/** So many plans are kept on each connection, of queries that knex makes up. */
const mostNames = 300;
const names = new Map<string, string>();

/**
 * The same name for the same text, so that PostgreSQL parses and plans it once. Undefined for what does not name its columns, as the
 * plan would fail as soon as a migration adds one, and for what has no values: sent as it is, it leaves no portal and no snapshot
 * behind, which an index that is built concurrently would wait for.
 */
export function givenName(sql: string, bindings: readonly unknown[]): string | undefined {
  if (bindings.length === 0) return undefined;
  const known = names.get(sql);
  if (known !== undefined) return known;
  const mayKeep =
    names.size < mostNames && /^(select|insert|update|delete|with) /.test(sql) && !sql.includes('*');
  if (!mayKeep) return undefined;
  const name = `${prefix}${names.size}`;
  names.set(sql, name);
  return name;
}

/** Whether it is one of these, which say nothing to people. */
export function isGivenName(name: string): boolean {
  return name.startsWith(prefix);
}
