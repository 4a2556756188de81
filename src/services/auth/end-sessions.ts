import type { Context } from '../../core/context.ts';
import { Session } from '../../models/session.ts';

/**
 * Ends the live sessions among those described, and says how many there were.
 * @param except the id of one that goes on
 */
export async function endSessions(
  { database, clock }: Context,
  which: { id?: string; user_id?: string },
  except?: string,
): Promise<number> {
  const now = clock().toISOString();
  return Session.query(database)
    .patch({ ended_at: now, end_reason: 'signed_out' })
    .where(which)
    .whereNot(except === undefined ? {} : { id: except })
    .whereNull('ended_at')
    .where('expires_at', '>', now);
}
