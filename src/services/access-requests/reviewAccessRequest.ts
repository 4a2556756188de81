import { raw } from 'objection';
import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { accountGone, conflict, notFound, type Problem } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { AccessRequest } from '../../models/access-request.ts';
import { App } from '../../models/app.ts';
import { User } from '../../models/user.ts';
import { recordEvent } from '../audit/record-event.ts';
import { approve } from './approve.ts';
import { findShownRequest } from './shown-requests.ts';

export async function reviewAccessRequest(
  context: Context,
  id: string,
  { status, reason = null, role_key }: Schema<'ReviewAccessRequestRequest'>,
): Promise<Schema<'AccessRequest'>> {
  return inTransaction(context, async (context) => {
    const { app, request } = await lock(context, id);
    if (request.status !== 'pending') throw alreadyReviewed(request);
    const reviewed_by = context.origin.actor_id;
    const decide =
      status === 'approved'
        ? approve(context, app, [request], { reviewed_by, reason, role_key })
        : reject(context, app, request, { reviewed_by, reason });
    await decide.catch(
      onConstraint({
        access_requests_reviewed_by_fkey: accountGone,
        role_assignments_granted_by_fkey: accountGone,
      }),
    );
    return (await findShownRequest(context, id)) ?? Promise.reject(noSuchRequest());
  });
}

/** The app first, which whoever changes its roles or approves all holds, then the user, whom their request goes with. */
async function lock({ database }: Context, id: string): Promise<{ app: App; request: AccessRequest }> {
  const found = await AccessRequest.query(database).findById(id);
  const app = found && (await App.query(database).findById(found.app_id).forShare());
  if (!app) throw noSuchRequest();
  await User.query(database).select('id').findById(found.user_id).forKeyShare();
  const request = await AccessRequest.query(database).findById(id).forUpdate();
  if (!request) throw noSuchRequest();
  return { app, request };
}

async function reject(
  context: Context,
  { app_key }: App,
  { id, user_id }: AccessRequest,
  { reviewed_by, reason }: { reviewed_by: string | null; reason: string | null },
): Promise<void> {
  const { database } = context;
  await AccessRequest.query(database)
    .patch({ status: 'rejected', reviewed_by, review_reason: reason, reviewed_at: raw('now()') })
    .where({ id });
  await recordEvent(context, 'access_request.rejected', user_id, { access_request_id: id, app_key });
}

function alreadyReviewed({ status }: AccessRequest): Problem {
  return conflict('ALREADY_REVIEWED', `This request has been ${status} already.`);
}

function noSuchRequest(): Problem {
  return notFound('There is no such request for access.');
}
