import { Model } from 'objection';

/** A link by which a password can be set. */
export class PasswordReset extends Model {
  static override readonly tableName = 'password_resets';

  /** That of the mail with the link. */
  declare id: string;
  declare user_id: string;
  declare token_hash: Buffer;
  declare expires_at: string;
}
