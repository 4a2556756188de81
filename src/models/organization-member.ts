import { BaseModel } from './base-model.ts';

export class OrganizationMember extends BaseModel {
  static override readonly tableName = 'organization_members';

  declare organization_id: string;
  declare user_id: string;
  declare role: 'member' | 'manager';
  declare joined_at: string;
}
