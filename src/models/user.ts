import { raw } from 'objection';
import type { Schema } from '../core/schema.ts';
import { foldText } from '../core/text.ts';
import { EditableModel } from './base-model.ts';

export class User extends EditableModel {
  static override readonly tableName = 'users';
  /** What others may see of a user, and the user of themselves. */
  static readonly columns = [
    'id',
    'email',
    'display_name',
    'avatar_url',
    'locale',
    'is_active',
    'is_platform_admin',
  ] as const satisfies (keyof Schema<'User'>)[];
  static readonly listedColumns = [
    ...User.columns,
    'created_at',
  ] as const satisfies (keyof Schema<'ListedUser'>)[];

  declare email: string;
  declare password_hash: string;
  declare display_name: string | null;
  declare avatar_url: string | null;
  declare locale: string | null;
  declare is_active: boolean;
  declare is_platform_admin: boolean;
  declare created_at: string;
  /** E-mail and name, a line each, as they are searched. */
  declare search_text: string;

  override $beforeInsert(): void {
    super.$beforeInsert();
    this.search_text = `${this.email}\n${foldText(this.display_name ?? '')}`;
  }

  override $beforeUpdate(): void {
    super.$beforeUpdate();
    const name = this.display_name as string | null | undefined;
    if (name === undefined) return;
    this.search_text = raw('email || ?', [`\n${foldText(name ?? '')}`]) as unknown as string;
  }

  /** Without the password's hash and whatever else was loaded. */
  shown(): Schema<'User'> {
    const { id, email, display_name, avatar_url, locale, is_active, is_platform_admin } = this;
    return { id, email, display_name, avatar_url, locale, is_active, is_platform_admin };
  }
}
