import { EditableModel } from './base-model.ts';

export class Project extends EditableModel {
  static override readonly tableName = 'projects';

  declare name: string;
  declare description: string | null;
  declare language_id: string;
  declare latitude: number | null;
  declare longitude: number | null;
  declare location_display_name: string | null;
  declare created_at: string;
}
