import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { endSessions } from './end-sessions.ts';

export async function endSession(context: Context, userId: string, sessionId: string): Promise<void> {
  const ended = await endSessions(context, { id: sessionId, user_id: userId });
  if (ended === 0) throw notFound('You have no such session, or it has ended already.');
}
