import { inTransaction, type Context } from '../../core/context.ts';
import { conflict, notFound, type Problem } from '../../core/errors.ts';
import { AppRole } from '../../models/app-role.ts';
import { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchApp } from './getApp.ts';

/** @throws {Problem} 409 for a role that every app has, the default role, or one that somebody holds */
export async function deleteAppRole(context: Context, appId: string, roleId: string): Promise<void> {
  await inTransaction(context, async (context) => {
    const { database } = context;
    // First the app, whose default role then stays what it is, and after it the role, which then nobody is given.
    const app = await App.query(database).findById(appId).forNoKeyUpdate();
    if (!app) throw noSuchApp();
    const role = await AppRole.query(database).findOne({ app_id: appId, id: roleId }).forUpdate();
    if (!role) throw notFound('This app has no such role.');

    if (role.is_system) throw inUse('Every app has this role. It cannot be deleted.');
    if (role.role_key === app.default_role_key) {
      throw inUse('This is the default role of the app. Please choose another default first.');
    }
    const [held] = await database<{ app_role_id: string; revoked_at: string | null }>('role_assignments')
      .where({ app_role_id: roleId, revoked_at: null })
      .limit(1);
    if (held) throw inUse('Somebody still holds this role. Please revoke it first.');

    await AppRole.query(database).deleteById(roleId);
    const { role_key } = role;
    await recordEvent(context, 'app_role.deleted', roleId, { app_key: app.app_key, role_key });
  });
}

function inUse(detail: string): Problem {
  return conflict('APP_ROLE_IN_USE', detail);
}
