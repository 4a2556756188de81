import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { AppRole } from '../../models/app-role.ts';
import { App } from '../../models/app.ts';
import { approvePending } from '../access-requests/approve-pending.ts';
import { noDefaultRole } from '../access-requests/approve.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchApp } from './getApp.ts';

/** @throws {Problem} 422 for a default role that the app does not have, 409 for approving at once without one */
export async function updateApp(
  context: Context,
  id: string,
  request: Schema<'UpdateAppRequest'>,
): Promise<Schema<'App'>> {
  return inTransaction(context, async (context) => {
    const { database } = context;
    const app = await App.query(database)
      .select(...App.columns)
      .findById(id)
      .forNoKeyUpdate();
    if (!app) throw noSuchApp();
    const changes = changesIn(app, request);
    if (Object.keys(changes).length === 0) return app;

    if (changes.default_role_key) await holdRole(context, id, changes.default_role_key);
    const changed = await App.query(database)
      .patch(changes)
      .where({ id })
      .returning([...App.columns])
      .first()
      .catch(onConstraint({ apps_auto_approve_check: noDefaultRole }));
    if (!changed) throw noSuchApp();
    await recordEvent(context, 'app.updated', id, { app_key: app.app_key, changes });
    if (changes.auto_approve) await approvePending(context, changed);
    return changed;
  });
}

function changesIn(app: App, request: Schema<'UpdateAppRequest'>): Schema<'UpdateAppRequest'> {
  const changes = Object.entries(request).filter(
    ([name, value]) => app[name as keyof typeof request] !== value,
  );
  return Object.fromEntries(changes);
}

/** Locked, so that nobody deletes the role in the meantime, and an older snapshot does not still show it. */
async function holdRole({ database }: Context, app_id: string, role_key: string): Promise<void> {
  const role = await AppRole.query(database).findOne({ app_id, role_key }).forKeyShare();
  if (!role) throw unknownReference('role of this app');
}
