import { inTransaction, type Context } from '../../core/context.ts';
import { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchApp } from './getApp.ts';

/** Takes its roles, their assignments and the requests for access with it. */
export async function deleteApp(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (context) => {
    const deleted = await App.query(context.database)
      .delete()
      .where({ id })
      .returning(['app_key', 'name'])
      .first();
    if (!deleted) throw noSuchApp();
    const { app_key, name } = deleted;
    await recordEvent(context, 'app.deleted', id, { app_key, name });
  });
}
