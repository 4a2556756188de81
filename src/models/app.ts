import type { Schema } from '../core/schema.ts';
import { BaseModel } from './base-model.ts';

export class App extends BaseModel {
  static override readonly tableName = 'apps';

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
