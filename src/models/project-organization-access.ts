import { BaseModel } from './base-model.ts';

export class ProjectOrganizationAccess extends BaseModel {
  static override readonly tableName = 'project_organization_access';

  declare project_id: string;
  declare organization_id: string;
  declare granted_at: string;
}
