import { createHash, randomBytes } from 'node:crypto';
import { minutesAfter } from '../../core/clock.ts';
import { inTransaction, type Context } from '../../core/context.ts';
import { Mail } from '../../models/mail.ts';
import { PasswordReset } from '../../models/password-reset.ts';
import { User } from '../../models/user.ts';

/** How long a link is good. */
export const resetMinutes = 60;

/** Nobody's mailbox fills up, however often somebody asks; and one of the links in it is always good. */
const mostResets = 5;

export interface GrantedReset {
  readonly user_id: string;
  /** Kept nowhere but in the mail. */
  readonly token: string;
}

/**
 * Gives an active account a link, in place of what an earlier attempt to send the same mail gave it. Whatever ends the links of
 * an account locks the account first, as this does: it misses none, also of those that are still to be mailed.
 * @returns undefined if the account may not have one
 */
export async function grantPasswordReset(context: Context, mail: Mail): Promise<GrantedReset | undefined> {
  const { clock } = context;
  await forgetExpired(context);
  return inTransaction(context, async ({ database }) => {
    const resets = PasswordReset.query(database);
    const user = await User.query(database)
      .select('id')
      .findOne({ email: mail.email, is_active: true })
      .forShare();
    if (!user || !(await Mail.query(database).select('id').findById(mail.id))) return undefined;
    const others = await resets.clone().where({ user_id: user.id }).whereNot({ id: mail.id }).resultSize();
    if (others >= mostResets) return undefined;

    const token = randomBytes(32).toString('base64url');
    const expires_at = minutesAfter(clock(), resetMinutes).toISOString();
    await resets
      .clone()
      .insert({ id: mail.id, user_id: user.id, token_hash: hashOf(token), expires_at })
      .onConflict('id')
      .merge(['token_hash', 'expires_at']);
    return { user_id: user.id, token };
  });
}

async function forgetExpired({ database, clock }: Context): Promise<void> {
  const expired = PasswordReset.query(database)
    .select('id')
    .where('expires_at', '<=', clock().toISOString())
    .forUpdate()
    .skipLocked();
  await PasswordReset.query(database).delete().whereIn('id', expired);
}

type FoundReset = Pick<PasswordReset, 'id' | 'user_id'> & Pick<User, 'email'>;

/** With the account's e-mail; undefined for a token that is not good. */
export async function findPasswordReset(
  { database, clock }: Context,
  token: string,
): Promise<FoundReset | undefined> {
  return PasswordReset.query(database)
    .join('users', 'users.id', 'password_resets.user_id')
    .select('password_resets.id', 'user_id', 'email')
    .findOne({ token_hash: hashOf(token) })
    .where('expires_at', '>', clock().toISOString())
    .castTo<FoundReset | undefined>();
}

/** Also of what is still to be mailed. Call it in a transaction that has locked the account. */
export async function withdrawPasswordResets(
  { database }: Context,
  { id, email }: Pick<User, 'id' | 'email'>,
): Promise<void> {
  await PasswordReset.query(database).delete().where({ user_id: id });
  await Mail.query(database).delete().where({ kind: 'password_reset', email });
}

/** The token is as random as a key: it needs no salt, and no work to be guessed. */
function hashOf(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
