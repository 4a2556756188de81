import { BaseModel } from './base-model.ts';

export class ProjectPhase extends BaseModel {
  static override readonly tableName = 'project_phases';

  declare project_id: string;
  declare phase_id: string;
  declare status: 'not_started' | 'in_progress' | 'completed' | 'blocked';
}
