import { inTransaction, type Context } from '../../core/context.ts';
import { forbidden, unauthorized } from '../../core/errors.ts';
import { hashPassword, verifyPassword } from '../../core/passwords.ts';
import { isOutdated } from '../../core/passwords/argon2.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { rememberDevice } from './known-devices.ts';
import { startSession } from './start-session.ts';

type Account = Pick<User, 'id' | 'password_hash' | 'is_active'>;

/** Unknown account and wrong password are the same answer, in the same time. */
export async function logIn(
  context: Context,
  credentials: Schema<'LogInRequest'>,
): Promise<Schema<'SignedIn'>> {
  return tryToLogIn(context, credentials, 2);
}

async function tryToLogIn(
  context: Context,
  credentials: Schema<'LogInRequest'>,
  tries: number,
): Promise<Schema<'SignedIn'>> {
  const { email, password } = credentials;
  const found = await User.query(context.database)
    .select('id', 'password_hash', 'is_active')
    .findOne({ email: email.toLowerCase() });
  const matches = await verifyPassword(found?.password_hash, password);
  if (found?.is_active && matches) {
    const signedIn = await signIn(context, found, password);
    if (signedIn) {
      context.metrics.signIns.inc({ outcome: 'succeeded' });
      return signedIn;
    }
    // Somebody else has signed in and upgraded the hash, or changed the password: what is there now decides.
    if (tries > 1) return tryToLogIn(context, credentials, tries - 1);
  }

  await recordEvent(context, 'user.login_failed', found?.id ?? null);
  if (found && matches && !found.is_active) {
    context.metrics.signIns.inc({ outcome: 'deactivated' });
    throw forbidden('This account is deactivated. Please ask an administrator.');
  }
  context.metrics.signIns.inc({ outcome: 'wrong_credentials' });
  throw unauthorized('Invalid credentials');
}

/** @returns undefined if the account is not any more as it was read */
async function signIn(
  context: Context,
  account: Account,
  password: string,
): Promise<Schema<'SignedIn'> | undefined> {
  const upgraded = isOutdated(account.password_hash) ? await hashPassword(password) : undefined;
  return inTransaction(context, async (context) => {
    const user = await lockAccount(context, account, upgraded);
    if (!user) return undefined;
    await rememberDevice(context, user);
    await recordEvent(context, 'user.logged_in', user.id);
    return { user: user.shown(), tokens: await startSession(context, user.id) };
  });
}

/** Whoever deactivates the account or changes its password meanwhile waits, to find and end the session that starts here. */
async function lockAccount(
  { database }: Context,
  { id, password_hash }: Account,
  upgraded: string | undefined,
): Promise<User | undefined> {
  const asRead = { id, password_hash, is_active: true };
  if (upgraded === undefined) {
    return User.query(database)
      .select(...User.columns)
      .findOne(asRead)
      .forShare();
  }
  return User.query(database)
    .patch({ password_hash: upgraded })
    .where(asRead)
    .returning([...User.columns])
    .first();
}
