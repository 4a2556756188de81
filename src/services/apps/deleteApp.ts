import { inTransaction, type Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchApp } from './getApp.ts';

/** Takes its roles, their assignments and the requests for access with it. */
export async function deleteApp(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (context) => {
    const deleted: Schema<'App'> | undefined = await App.query(context.database)
      .delete()
      .where({ id })
      .returning('*')
      .first();
    if (!deleted) throw noSuchApp();
    const { app_key, name } = deleted;
    await recordEvent(context, 'app.deleted', id, { app_key, name });
  });
}
