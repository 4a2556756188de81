import type { ClientBase } from 'pg';
import type { Input, User } from '../operation.ts';
import type { Route } from './route.ts';
import type { Claims } from './tokens.ts';

/** The service's one statement about session, user and roles, which it has compiled from the contract. */
export async function admit(
  { access, parameters }: Route,
  claims: Claims,
  input: Pick<Input, 'path' | 'query' | 'body'>,
  client: ClientBase,
): Promise<User | 401 | 403> {
  if (!access) throw new TypeError('Everyone is let in here.');
  const values: unknown[] = [claims.sid, claims.sub, new Date()];
  for (const { in: place, name } of parameters) {
    const source = input[place] as Readonly<Record<string, unknown>> | undefined;
    values.push(source?.[name] ?? null);
  }
  const { rows } = await client.query<User & { allowed: boolean }>(access, values);
  const [row] = rows;
  if (!row) return 401;
  const { allowed, ...user } = row;
  return allowed ? user : 403;
}
