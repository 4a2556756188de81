import { minutesAfter } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { unauthorized } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';

/** How long the token before the newest one still answers with the newest one. */
const graceMinutes = 0.5;

/** Takes session, generation and now. Of many at once with the same token, this lets exactly one through. */
const rotate: Statement = {
  name: 'rotate-session',
  text: `update sessions s
            set generation = s.generation + 1, rotated_at = $3, last_seen_at = $3
           from users u
          where s.id = $1 and s.generation = $2 and s.ended_at is null and s.expires_at > $3
            and u.id = s.user_id and u.is_active
      returning s.user_id`,
};

/** Takes session, generation and now less the grace. Answers the session if the token's successor is the newest one, and new. */
const findSuccessor: Statement = {
  name: 'find-successor',
  text: `select s.user_id
           from sessions s join users u on u.id = s.user_id
          where s.id = $1 and s.generation = $2 + 1 and s.rotated_at > $3 and s.ended_at is null and u.is_active`,
};

/** Takes session, generation and now. A token that was used up long ago is in the wrong hands, or its successor is. */
const endReused: Statement = {
  name: 'end-reused-session',
  text: `update sessions set ended_at = $3, end_reason = 'token_reused'
          where id = $1 and generation > $2 and ended_at is null and expires_at > $3`,
};

/** RFC 9700, section 4.14.2: rotation with detection of reuse. */
export async function refreshTokens(
  { database, clock, tokens }: Context,
  { refresh_token }: Schema<'RefreshRequest'>,
): Promise<Schema<'Tokens'>> {
  const claims = tokens.readRefreshToken(refresh_token);
  if (!claims) throw refused();
  const { sessionId, generation } = claims;
  const now = clock();
  const ask = async (statement: Statement, moment: Date) => {
    const [session] = await runStatement<{ user_id: string }>(database, statement, [
      sessionId,
      generation,
      moment,
    ]);
    return session;
  };

  const session = (await ask(rotate, now)) ?? (await ask(findSuccessor, minutesAfter(now, -graceMinutes)));
  if (session) return tokens.issue({ userId: session.user_id, sessionId, generation: generation + 1 });

  await ask(endReused, now);
  throw refused();
}

function refused() {
  return unauthorized(
    'The refresh token is invalid, used or expired. Please sign in again.',
    ', error="invalid_token"',
  );
}
