import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { unauthorized } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';

/** All three take session, generation and now. Of many at once with the same token, this lets exactly one through. */
const rotate: Statement = {
  name: 'rotate-session',
  text: `update sessions s
            set generation = s.generation + 1, rotated_at = $3, last_seen_at = $3
           from users u
          where s.id = $1 and s.generation = $2 and s.ended_at is null and s.expires_at > $3
            and u.id = s.user_id and u.is_active
      returning s.user_id`,
};

/** For as long as this grace, the token before the newest one still answers with the newest one. */
const findSuccessor: Statement = {
  name: 'find-successor',
  text: `select s.user_id
           from sessions s join users u on u.id = s.user_id
          where s.id = $1 and s.generation = $2 + 1 and s.rotated_at > $3::timestamptz - interval '30 seconds'
            and s.ended_at is null and s.expires_at > $3 and u.is_active`,
};

/** A token that was used up long ago is in the wrong hands, or its successor is. */
const endReused: Statement = {
  name: 'end-reused-session',
  text: `update sessions set ended_at = $3, end_reason = 'token_reused'
          where id = $1 and generation > $2 and ended_at is null and expires_at > $3
      returning user_id`,
};

/** RFC 9700, section 4.14.2: rotation with detection of reuse. */
export async function refreshTokens(
  context: Context,
  { refresh_token }: Schema<'RefreshRequest'>,
): Promise<Schema<'Tokens'>> {
  const { clock, tokens } = context;
  const claims = tokens.readRefreshToken(refresh_token);
  if (!claims) throw refused();
  const { sessionId, generation } = claims;
  const values = [sessionId, generation, clock()];
  const ask = async (statement: Statement, { database } = context) => {
    const [session] = await runStatement<{ user_id: string }>(database, statement, values);
    return session;
  };

  const session = (await ask(rotate)) ?? (await ask(findSuccessor));
  if (session) return tokens.issue({ userId: session.user_id, sessionId, generation: generation + 1 });

  const ended = await inTransaction(context, async (context) => {
    const ended = await ask(endReused, context);
    if (ended) await recordEvent(context, 'session.token_reused', ended.user_id, { session_id: sessionId });
    return ended;
  });
  throw refused(ended && 'used_token');
}

function refused(rule?: string) {
  return unauthorized(
    'The refresh token is invalid, used or expired. Please sign in again.',
    ', error="invalid_token"',
    rule,
  );
}
