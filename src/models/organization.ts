import { EditableModel } from './base-model.ts';

export class Organization extends EditableModel {
  static override readonly tableName = 'organizations';

  declare name: string;
  declare slug: string;
  declare description: string | null;
  declare logo_url: string | null;
  declare manager_id: string | null;
  declare created_at: string;
}
