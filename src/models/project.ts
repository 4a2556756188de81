import type { Schema } from '../core/schema.ts';
import { EditableModel } from './base-model.ts';

export class Project extends EditableModel {
  static override readonly tableName = 'projects';
  static readonly columns = [
    'id',
    'name',
    'description',
    'language_id',
    'latitude',
    'longitude',
    'location_display_name',
    'created_at',
    'updated_at',
  ] as const satisfies (keyof Schema<'Project'>)[];

  declare name: string;
  declare description: string | null;
  declare language_id: string;
  declare latitude: number | null;
  declare longitude: number | null;
  declare location_display_name: string | null;
  declare created_at: string;
}
