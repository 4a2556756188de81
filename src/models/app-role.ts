import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class AppRole extends BaseModel {
  static override readonly tableName = 'app_roles';
  static readonly columns = [
    'id',
    'role_key',
    'label',
    'description',
    'is_system',
    'created_at',
  ] as const satisfies (keyof Schema<'AppRole'>)[];

  declare app_id: string;
  declare role_key: string;
  declare label: string;
  declare description: string | null;
  declare is_system: boolean;
  declare created_at: string;
}
