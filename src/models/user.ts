import type { Schema } from '../core/schema.ts';
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

  declare email: string;
  declare password_hash: string;
  declare display_name: string | null;
  declare avatar_url: string | null;
  declare locale: string | null;
  declare is_active: boolean;
  declare is_platform_admin: boolean;
  declare created_at: string;

  /** Without the password's hash and whatever else was loaded. */
  shown(): Schema<'User'> {
    const { id, email, display_name, avatar_url, locale, is_active, is_platform_admin } = this;
    return { id, email, display_name, avatar_url, locale, is_active, is_platform_admin };
  }
}
