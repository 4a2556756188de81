import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class ProjectOrganizationAccess extends BaseModel {
  static override readonly tableName = 'project_organization_access';
  static readonly columns = [
    'id',
    'project_id',
    'organization_id',
    'granted_at',
  ] as const satisfies (keyof Schema<'ProjectOrganizationAccess'>)[];

  declare project_id: string;
  declare organization_id: string;
  declare granted_at: string;
}
