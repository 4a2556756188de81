import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { AppRole } from '../../models/app-role.ts';
import { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';

/** What every app has; migrations give the same to the apps that are there from the start. */
const systemRoles = {
  admin: 'Admin',
  facilitator: 'Facilitator',
  reviewer: 'Reviewer',
  annotator: 'Annotator',
  viewer: 'Viewer',
};

export async function createApp(context: Context, app: Schema<'CreateAppRequest'>): Promise<Schema<'App'>> {
  const { app_key } = app;
  return inTransaction(context, async (context) => {
    const created = await App.query(context.database)
      .insert({ ...app, default_role_key: 'viewer' })
      .returning([...App.columns])
      .catch(
        onConstraint({
          apps_app_key_key: () =>
            conflict('APP_KEY_TAKEN', `An app with the key "${app_key}" exists already.`),
        }),
      );
    await AppRole.query(context.database).insert(
      Object.entries(systemRoles).map(([role_key, label]) => ({
        app_id: created.id,
        role_key,
        label,
        is_system: true,
      })),
    );
    await recordEvent(context, 'app.created', created.id, { app_key, name: created.name });
    return created;
  });
}
