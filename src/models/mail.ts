import { BaseModel } from './base-model.ts';

/** A mail that is still to be sent. */
export class Mail extends BaseModel {
  static override readonly tableName = 'mails';

  declare kind: 'password_reset' | 'password_changed';
  declare email: string;
  declare app_key: string | null;
  declare requested_at: string;
  declare attempts: number;
  declare next_attempt_at: string;
  /** Where the request for it came from. */
  declare ip: string | null;
  declare request_id: string | null;
}
