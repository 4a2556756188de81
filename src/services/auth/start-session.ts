import { minutesAfter } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Session } from '../../models/session.ts';

export async function startSession(
  { clock, tokens, database, origin }: Context,
  userId: string,
): Promise<Schema<'Tokens'>> {
  const now = clock().toISOString();
  const session = await Session.query(database).insert({
    user_id: userId,
    rotated_at: now,
    created_at: now,
    last_seen_at: now,
    expires_at: minutesAfter(clock(), tokens.refreshTokenMinutes).toISOString(),
    user_agent: origin.user_agent,
    ip: origin.ip,
  });
  return tokens.issue({ userId, sessionId: session.id, generation: 0 });
}
