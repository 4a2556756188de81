import type { Schema } from '../core/schema.ts';
import { EditableModel } from './base-model.ts';

export class Phase extends EditableModel {
  static override readonly tableName = 'phases';
  static readonly columns = [
    'id',
    'name',
    'description',
    'created_at',
    'updated_at',
  ] as const satisfies (keyof Schema<'Phase'>)[];

  declare name: string;
  declare description: string | null;
  declare created_at: string;
}
