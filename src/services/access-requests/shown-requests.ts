import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { AccessRequest } from '../../models/access-request.ts';

const columns = [
  'id',
  'user_id',
  'status',
  'note',
  'requested_at',
  'reviewed_by',
  'reviewed_at',
  'review_reason',
] as const satisfies (keyof Schema<'AccessRequest'>)[];

/** Requests as they are shown: with the key of their app. */
export function shownRequests({ database }: Context) {
  return AccessRequest.query(database)
    .join('apps', 'apps.id', 'access_requests.app_id')
    .select(...columns.map((column) => `access_requests.${column}`), 'apps.app_key');
}

export async function findShownRequest(
  context: Context,
  id: string,
): Promise<Schema<'AccessRequest'> | undefined> {
  return shownRequests(context).where('access_requests.id', id).first();
}
