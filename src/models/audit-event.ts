import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class AuditEvent extends BaseModel {
  static override readonly tableName = 'audit_events';
  static readonly columns = [
    'id',
    'action',
    'actor_id',
    'subject_id',
    'occurred_at',
    'ip',
    'request_id',
    'details',
  ] as const satisfies (keyof Schema<'AuditEvent'>)[];

  declare action: Schema<'AuditEvent'>['action'];
  declare actor_id: string | null;
  declare subject_id: string | null;
  declare occurred_at: string;
  declare ip: string | null;
  declare request_id: string | null;
  declare details: Record<string, unknown>;
}
