import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict } from '../../core/errors.ts';
import { hashPassword } from '../../core/passwords.ts';
import { refuseWeakPassword } from '../../core/passwords/rules.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { rememberDevice } from './known-devices.ts';
import { startSession } from './start-session.ts';

export async function signUp(
  context: Context,
  { email, password, display_name }: Schema<'SignUpRequest'>,
): Promise<Schema<'SignedIn'>> {
  refuseWeakPassword(context, 'password', password, email);
  const password_hash = await hashPassword(password);
  return inTransaction(context, async (context) => {
    const user = await User.query(context.database)
      .insert({ email: email.toLowerCase(), password_hash, display_name: display_name || null })
      .returning([...User.columns])
      .catch(onConstraint({ users_email_key: emailTaken }));
    await rememberDevice(context, user);
    await recordEvent(context, 'user.signed_up', user.id);
    return { user: user.shown(), tokens: await startSession(context, user.id) };
  });
}

function emailTaken() {
  return conflict(
    'EMAIL_TAKEN',
    'An account with this e-mail exists already. Please sign in, or use another one.',
  );
}
