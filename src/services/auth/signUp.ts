import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict } from '../../core/errors.ts';
import { hashPassword } from '../../core/passwords.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';
import { startSession, type ClientInfo } from './start-session.ts';

export async function signUp(
  context: Context,
  { email, password, display_name }: Schema<'SignUpRequest'>,
  client: ClientInfo,
): Promise<Schema<'SignedIn'>> {
  const password_hash = await hashPassword(password);
  return context.database.transaction(async (transaction) => {
    const user = await User.query(transaction)
      .insert({ email: email.toLowerCase(), password_hash, display_name: display_name || null })
      .returning([...User.columns])
      .catch(onConstraint({ users_email_key: emailTaken }));
    return { user: user.shown(), tokens: await startSession(context, user.id, client, transaction) };
  });
}

function emailTaken() {
  return conflict(
    'EMAIL_TAKEN',
    'An account with this e-mail exists already. Please sign in, or use another one.',
  );
}
