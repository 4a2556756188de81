import { createHash } from 'node:crypto';

const prefix = 'knex-';
/** So many plans are kept on each connection, of queries that knex makes up. */
const mostNames = 300;
const names = new Map<string, string>();

/**
 * A name of the text's own, so that PostgreSQL parses and plans it once, and even where a pooler mixes up connections no name ever
 * stands for another text. Undefined for what does not name its columns, as the
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
  const name = prefix + createHash('sha256').update(sql).digest('base64url');
  names.set(sql, name);
  return name;
}

/** Whether it is one of these, which say nothing to people. */
export function isGivenName(name: string): boolean {
  return name.startsWith(prefix);
}
