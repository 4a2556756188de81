import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class ProjectUserAccess extends BaseModel {
  static override readonly tableName = 'project_user_access';
  static readonly columns = [
    'id',
    'project_id',
    'user_id',
    'role',
    'granted_at',
  ] as const satisfies (keyof Schema<'ProjectUserAccess'>)[];

  declare project_id: string;
  declare user_id: string;
  declare role: 'member' | 'manager';
  declare granted_at: string;
}
