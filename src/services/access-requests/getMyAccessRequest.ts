import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { shownRequests } from './shown-requests.ts';

const newestRequest = prepareQuery<Schema<'AccessRequest'>, { user_id: string; app_key: string }>(
  (which, database) =>
    shownRequests({ database })
      .where(which)
      .orderBy('access_requests.requested_at', 'desc')
      .orderBy('access_requests.id', 'desc')
      .limit(1),
);

/** The newest, if there is one. */
export async function getMyAccessRequest(
  { database }: Context,
  user_id: string,
  { app_key }: { app_key: string },
): Promise<Schema<'AccessRequest'> | null> {
  const [request] = await newestRequest(database, { user_id, app_key });
  return request ?? null;
}
