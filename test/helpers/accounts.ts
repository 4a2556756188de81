import { randomUUID } from 'node:crypto';
import { hashPassword } from '../../src/core/passwords.ts';
import type { Schema } from '../../src/core/schema.ts';
import { User } from '../../src/models/user.ts';
import { startSession } from '../../src/services/auth/start-session.ts';
import { password, type Person } from './people.ts';
import type { TestService } from './service.ts';

const sharedHash = hashPassword(password);

/** Accounts with the same password: to sign up each would take minutes, most of them for hashing. */
export async function addAccounts(
  { context }: TestService,
  count: number,
  details: Partial<Pick<User, 'is_active' | 'password_hash'>> = {},
): Promise<User[]> {
  const password_hash = await sharedHash;
  const accounts = Array.from({ length: count }, () => ({
    ...{ email: `${randomUUID()}@example.org`, password_hash },
    ...details,
  }));
  return User.query(context.database)
    .insert(accounts)
    .returning([...User.columns]);
}

/** Somebody with an account who is signed in. */
export async function newPerson(service: TestService): Promise<Person> {
  const [user] = await addAccounts(service, 1);
  if (!user) throw new Error('no account was made');
  return anotherSession(service, user.shown());
}

export async function anotherSession({ context }: TestService, user: Schema<'User'>): Promise<Person> {
  return { ...user, ...(await startSession(context, user.id)) };
}
