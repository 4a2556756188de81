import { BaseModel } from './base-model.ts';

export class PhaseDependency extends BaseModel {
  static override readonly tableName = 'phase_dependencies';

  declare phase_id: string;
  declare depends_on_id: string;
}
