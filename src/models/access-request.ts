import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class AccessRequest extends BaseModel {
  static override readonly tableName = 'access_requests';
  static readonly columns = [
    'id',
    'user_id',
    'status',
    'note',
    'requested_at',
    'reviewed_by',
    'reviewed_at',
    'review_reason',
  ] as const satisfies (keyof Schema<'AccessRequest'>)[];

  declare user_id: string;
  declare app_id: string;
  /** Only where it is read along from the app. */
  declare app_key: string;
  declare status: Schema<'AccessRequest'>['status'];
  declare note: string | null;
  declare requested_at: string;
  declare reviewed_by: string | null;
  declare reviewed_at: string | null;
  declare review_reason: string | null;
}
