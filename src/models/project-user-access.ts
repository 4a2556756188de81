import { BaseModel } from './base-model.ts';

export class ProjectUserAccess extends BaseModel {
  static override readonly tableName = 'project_user_access';

  declare project_id: string;
  declare user_id: string;
  declare role: 'member' | 'manager';
  declare granted_at: string;
}
