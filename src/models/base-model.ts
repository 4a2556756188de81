import { Model, raw } from 'objection';
import { newId } from '../core/ids.ts';

/** The columns that a model shows, for a query over several tables. */
export function columnsOf(model: {
  readonly tableName: string;
  readonly columns: readonly string[];
}): string[] {
  return model.columns.map((column) => `${model.tableName}.${column}`);
}

export class BaseModel extends Model {
  declare id: string;

  override $beforeInsert(): void {
    this.id = newId();
  }
}

/** A record that says when it was last changed. */
export class EditableModel extends BaseModel {
  declare updated_at: string;

  override $beforeUpdate(): void {
    this.updated_at = raw('clock_timestamp()') as unknown as string;
  }
}
