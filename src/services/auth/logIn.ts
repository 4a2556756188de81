import { inTransaction, type Context } from '../../core/context.ts';
import { forbidden, unauthorized } from '../../core/errors.ts';
import { verifyPassword } from '../../core/passwords.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { rememberDevice } from './known-devices.ts';
import { startSession } from './start-session.ts';

/** Unknown account and wrong password are the same answer, in the same time. */
export async function logIn(
  context: Context,
  { email, password }: Schema<'LogInRequest'>,
): Promise<Schema<'SignedIn'>> {
  const found = await User.query(context.database)
    .select('id', 'password_hash', 'is_active')
    .findOne({ email: email.toLowerCase() });
  const matches = await verifyPassword(found?.password_hash, password);
  const signedIn = found && matches ? await signIn(context, found) : undefined;
  if (signedIn) return signedIn;

  await recordEvent(context, 'user.login_failed', found?.id ?? null);
  if (found && matches && !found.is_active)
    throw forbidden('This account is deactivated. Please ask an administrator.');
  throw unauthorized('Invalid credentials');
}

/** Whoever deactivates the account or changes its password meanwhile waits, to find and end the session that starts here. */
function signIn(
  context: Context,
  { id, password_hash }: { id: string; password_hash: string },
): Promise<Schema<'SignedIn'> | undefined> {
  return inTransaction(context, async (context) => {
    const user = await User.query(context.database)
      .select(...User.columns)
      .findOne({ id, password_hash, is_active: true })
      .forShare();
    if (!user) return undefined;
    await rememberDevice(context, user);
    await recordEvent(context, 'user.logged_in', id);
    return { user: user.shown(), tokens: await startSession(context, id) };
  });
}
