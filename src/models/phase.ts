import { EditableModel } from './base-model.ts';

export class Phase extends EditableModel {
  static override readonly tableName = 'phases';

  declare name: string;
  declare description: string | null;
  declare created_at: string;
}
