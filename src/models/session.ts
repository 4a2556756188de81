import { BaseModel } from './base-model.ts';

export class Session extends BaseModel {
  static override readonly tableName = 'sessions';

  declare user_id: string;
  /** How often the session's refresh token has been rotated. */
  declare generation: number;
  declare rotated_at: string;
  declare created_at: string;
  declare last_seen_at: string;
  declare expires_at: string;
  declare ended_at: string | null;
  declare end_reason: 'signed_out' | 'token_reused' | null;
  declare user_agent: string | null;
  declare ip: string | null;
}
