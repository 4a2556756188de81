import { foldText } from '../core/text.ts';
import { BaseModel } from './base-model.ts';

export class Language extends BaseModel {
  static override readonly tableName = 'languages';
  static readonly columns = ['id', 'name', 'code', 'created_at'] as const;

  declare name: string;
  declare search_name: string;
  declare code: string;
  declare created_at: string;

  override $beforeInsert(): void {
    super.$beforeInsert();
    this.search_name = foldText(this.name);
  }

  override $beforeUpdate(): void {
    const name = this.name as string | undefined;
    if (name !== undefined) this.search_name = foldText(name);
  }
}
