import type { Context } from '../../core/context.ts';
import { forbidden, unauthorized } from '../../core/errors.ts';
import { verifyPassword } from '../../core/passwords.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { startSession, type ClientInfo } from './start-session.ts';

/** Unknown account and wrong password are the same answer, in the same time. */
export async function logIn(
  context: Context,
  { email, password }: Schema<'LogInRequest'>,
  client: ClientInfo,
): Promise<Schema<'SignedIn'>> {
  const found = await User.query(context.database)
    .select(...User.columns, 'password_hash')
    .findOne({ email: email.toLowerCase() });
  const matches = await verifyPassword(found?.password_hash, password);
  if (!found || !matches) throw unauthorized('Invalid credentials');
  if (!found.is_active) throw forbidden('This account is deactivated. Please ask an administrator.');
  return { user: found.shown(), tokens: await startSession(context, found.id, client) };
}
