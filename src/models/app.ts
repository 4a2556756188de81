import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class App extends BaseModel {
  static override readonly tableName = 'apps';
  static readonly columns = [
    'id',
    'app_key',
    'name',
    'description',
    'icon_url',
    'app_url',
    'ios_url',
    'android_url',
    'platform',
    'is_active',
    'auto_approve',
    'default_role_key',
    'created_at',
  ] as const satisfies (keyof Schema<'App'>)[];

  declare app_key: string;
  declare name: string;
  declare description: string | null;
  declare icon_url: string | null;
  declare app_url: string | null;
  declare ios_url: string | null;
  declare android_url: string | null;
  declare platform: Schema<'App'>['platform'];
  declare is_active: boolean;
  declare auto_approve: boolean;
  declare default_role_key: string | null;
  declare created_at: string;
}
