import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { conflict, unknownReference, type Problem } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import { AppRole } from '../../models/app-role.ts';
import type { App } from '../../models/app.ts';
import { recordEvents } from '../audit/record-event.ts';

interface Applicant {
  readonly id: string;
  readonly user_id: string;
}

interface Review {
  readonly reviewed_by: string | null;
  readonly reason: string | null;
  /** Instead of the app's default role. */
  readonly role_key?: string | undefined;
}

const markApproved: Statement = {
  name: 'approve-access-requests',
  text: `update access_requests set status = 'approved', reviewed_by = $2, reviewed_at = now(), review_reason = $3
          where id = any ($1)`,
};

/** Takes ids, users, role and who gives it; answers the users who did not hold it yet. */
const grant: Statement = {
  name: 'grant-role-to-applicants',
  text: `insert into role_assignments (id, user_id, app_role_id, granted_by)
         select given.id, given.user_id, $3, $4
           from unnest($1::uuid[], $2::uuid[]) as given (id, user_id) order by given.user_id
         on conflict (user_id, app_role_id) where revoked_at is null do nothing
         returning user_id`,
};

/**
 * Approves pending requests for one app, all at once. The caller has locked app, users and requests, in this order, which is
 * that of everyone else.
 * @throws {Problem} 409 without a role to give, 422 for one that the app does not have
 */
export async function approve(
  context: Context,
  { id: app_id, app_key, default_role_key }: Pick<App, 'id' | 'app_key' | 'default_role_key'>,
  applicants: readonly Applicant[],
  { reviewed_by, reason, ...review }: Review = { reviewed_by: null, reason: null },
): Promise<void> {
  const { database, origin } = context;
  const role_key = review.role_key ?? default_role_key;
  if (role_key === null) throw noDefaultRole();
  const role = await AppRole.query(database).findOne({ app_id, role_key });
  if (!role) throw unknownReference('role of this app');

  const ids = applicants.map(({ id }) => id);
  await runStatement(database, markApproved, [ids, reviewed_by, reason]);
  const granted = await runStatement<{ user_id: string }>(database, grant, [
    ids.map(() => newId()),
    applicants.map(({ user_id }) => user_id),
    role.id,
    origin.actor_id,
  ]);
  const events = applicants.map(({ id, user_id }) => ({
    subject_id: user_id,
    details: { access_request_id: id, app_key, role_key },
  }));
  await recordEvents(context, 'access_request.approved', events);
  const assigned = granted.map(({ user_id }) => ({ subject_id: user_id, details: { app_key, role_key } }));
  await recordEvents(context, 'role.assigned', assigned);
}

export function noDefaultRole(): Problem {
  return conflict('CONFLICT', 'This app has no default role. Please choose one first.');
}
