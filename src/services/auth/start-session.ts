import { minutesAfter } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { Session } from '../../models/session.ts';

export interface ClientInfo {
  readonly ip: string | null;
  readonly user_agent: string | null;
}

/** @param database a transaction where the session belongs to a larger change */
export async function startSession(
  { clock, tokens, database: pool }: Context,
  userId: string,
  client: ClientInfo,
  database: Database = pool,
): Promise<Schema<'Tokens'>> {
  const now = clock();
  const session = await Session.query(database).insert({
    user_id: userId,
    rotated_at: now.toISOString(),
    created_at: now.toISOString(),
    last_seen_at: now.toISOString(),
    expires_at: minutesAfter(now, tokens.refreshTokenMinutes).toISOString(),
    ...client,
  });
  return tokens.issue({ userId, sessionId: session.id, generation: 0 });
}
