import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { accountGone, notFound } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import type { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';
import { approve } from './approve.ts';
import { findShownRequest, shownRequests } from './shown-requests.ts';

/**
 * Whoever turns `auto_approve` on must see this request, or this request that change. Locking the app would do, but for a
 * change that looks at an older snapshot: only a row that has been written since then makes the database refuse it.
 */
const takeApp: Statement = {
  name: 'take-app-for-access-request',
  text: `update apps set is_active = is_active where app_key = $1 and is_active
         returning id, app_key, auto_approve, default_role_key`,
};

const insert: Statement = {
  name: 'create-access-request',
  text: `insert into access_requests (id, user_id, app_id, note) values ($1, $2, $3, $4)
         on conflict (user_id, app_id) where status <> 'rejected' do nothing
         returning id`,
};

/** Answers the request that is pending or approved, whether it is new or was there. */
export async function createAccessRequest(
  context: Context,
  userId: string,
  { app_key, note = null }: Schema<'CreateAccessRequestRequest'>,
): Promise<{ request: Schema<'AccessRequest'>; isNew: boolean }> {
  return inTransaction(context, async (context) => {
    const { database } = context;
    const known = await findOpen(context, userId, app_key);
    if (known) return { request: known, isNew: false };

    const [app] = await runStatement<App>(database, takeApp, [app_key]);
    if (!app) throw notFound(`There is no app "${app_key}" that is active.`);
    const [created] = await runStatement<{ id: string }>(database, insert, [
      newId(),
      userId,
      app.id,
      note,
    ]).catch(onConstraint({ access_requests_user_id_fkey: accountGone }));
    if (created) {
      await recordEvent(context, 'access_request.created', userId, {
        access_request_id: created.id,
        app_key,
      });
      if (app.auto_approve) {
        const itself = { ...context, origin: { ...context.origin, actor_id: null } };
        await approve(itself, app, [{ id: created.id, user_id: userId }]);
      }
    }
    const request = created
      ? await findShownRequest(context, created.id)
      : await findOpen(context, userId, app_key);
    if (!request) throw accountGone();
    return { request, isNew: created !== undefined };
  });
}

async function findOpen(
  context: Context,
  user_id: string,
  app_key: string,
): Promise<Schema<'AccessRequest'> | undefined> {
  return shownRequests(context)
    .where({ user_id, app_key, 'apps.is_active': true })
    .whereNot('status', 'rejected')
    .first();
}
