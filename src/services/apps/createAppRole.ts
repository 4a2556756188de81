import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { AppRole } from '../../models/app-role.ts';
import { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchApp } from './getApp.ts';

export async function createAppRole(
  context: Context,
  appId: string,
  role: Schema<'CreateAppRoleRequest'>,
): Promise<Schema<'AppRole'>> {
  const { role_key, label, description = null } = role;
  return inTransaction(context, async (context) => {
    const app = await App.query(context.database).findById(appId).forKeyShare();
    if (!app) throw noSuchApp();
    const { id, is_system, created_at } = await AppRole.query(context.database)
      .insert({ app_id: appId, role_key, label, description })
      .returning(['id', 'is_system', 'created_at'])
      .catch(
        onConstraint({
          app_roles_role_key_key: () =>
            conflict('APP_ROLE_TAKEN', `This app has a role with the key "${role_key}" already.`),
        }),
      );
    await recordEvent(context, 'app_role.created', id, { app_key: app.app_key, role_key });
    return { id, role_key, label, description, is_system, created_at };
  });
}
