import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Session } from '../../models/session.ts';

/** The user's live sessions, those seen last first. */
export async function listSessions(
  { database, clock }: Context,
  userId: string,
  currentSessionId: string,
): Promise<Schema<'Session'>[]> {
  const sessions = await Session.query(database)
    .select('id', 'created_at', 'last_seen_at', 'user_agent', 'ip')
    .where({ user_id: userId })
    .whereNull('ended_at')
    .where('expires_at', '>', clock().toISOString())
    .orderBy([
      { column: 'last_seen_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ]);
  return sessions.map(({ id, created_at, last_seen_at, user_agent, ip }) => ({
    ...{ id, created_at, last_seen_at, user_agent, ip },
    current: id === currentSessionId,
  }));
}
