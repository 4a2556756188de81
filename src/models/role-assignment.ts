import { BaseModel } from './base-model.ts';

export class RoleAssignment extends BaseModel {
  static override readonly tableName = 'role_assignments';

  declare user_id: string;
  declare app_role_id: string;
  declare granted_at: string;
  declare granted_by: string | null;
  declare revoked_at: string | null;
  declare revoked_by: string | null;
}
