import type { Schema } from '../core/schema.ts';
import { EditableModel } from './base-model.ts';

export class Organization extends EditableModel {
  static override readonly tableName = 'organizations';
  static readonly columns = [
    'id',
    'name',
    'slug',
    'description',
    'logo_url',
    'manager_id',
    'created_at',
    'updated_at',
  ] as const satisfies (keyof Schema<'Organization'>)[];

  declare name: string;
  declare slug: string;
  declare description: string | null;
  declare logo_url: string | null;
  declare manager_id: string | null;
  declare created_at: string;
}
