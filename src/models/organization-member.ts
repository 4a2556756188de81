import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class OrganizationMember extends BaseModel {
  static override readonly tableName = 'organization_members';
  static readonly columns = [
    'id',
    'organization_id',
    'user_id',
    'role',
    'joined_at',
  ] as const satisfies (keyof Schema<'OrganizationMember'>)[];

  declare organization_id: string;
  declare user_id: string;
  declare role: 'member' | 'manager';
  declare joined_at: string;
}
