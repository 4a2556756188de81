import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class PhaseDependency extends BaseModel {
  static override readonly tableName = 'phase_dependencies';
  static readonly columns = [
    'id',
    'phase_id',
    'depends_on_id',
  ] as const satisfies (keyof Schema<'PhaseDependency'>)[];

  declare phase_id: string;
  declare depends_on_id: string;
}
