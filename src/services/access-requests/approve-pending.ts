import type { Context } from '../../core/context.ts';
import { AccessRequest } from '../../models/access-request.ts';
import type { App } from '../../models/app.ts';
import { User } from '../../models/user.ts';
import { approve } from './approve.ts';

/** What waits for the app when it begins to approve at once. The caller has locked the app, so that no more arrive. */
export async function approvePending(context: Context, app: App): Promise<void> {
  const { database } = context;
  const pending = () => AccessRequest.query(database).where({ app_id: app.id, status: 'pending' });
  // Users first: whoever deletes one takes their requests after them.
  await User.query(database)
    .select('id')
    .whereIn('id', pending().select('user_id'))
    .orderBy('id')
    .forKeyShare();
  const applicants = await pending().select('id', 'user_id').orderBy('id').forUpdate();
  if (applicants.length > 0) await approve(context, app, applicants);
}
