import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { AccessRequest } from '../../models/access-request.ts';

/** Requests as they are shown: with the key of their app. */
export function shownRequests({ database }: Pick<Context, 'database'>) {
  return AccessRequest.query(database)
    .join('apps', 'apps.id', 'access_requests.app_id')
    .select(...columnsOf(AccessRequest), 'apps.app_key');
}

export async function findShownRequest(
  context: Context,
  id: string,
): Promise<Schema<'AccessRequest'> | undefined> {
  return shownRequests(context).where('access_requests.id', id).first();
}
