import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { shownRequests } from './shown-requests.ts';

/** The newest, if there is one. */
export async function getMyAccessRequest(
  context: Context,
  user_id: string,
  { app_key }: { app_key: string },
): Promise<Schema<'AccessRequest'> | null> {
  const request = await shownRequests(context)
    .where({ user_id, app_key })
    .orderBy('access_requests.requested_at', 'desc')
    .orderBy('access_requests.id', 'desc')
    .first();
  return request ?? null;
}
