import { readRefreshToken, signTokens } from '../baselines/tokens.ts';
import { defineOperation } from '../operation.ts';

const rotate = {
  name: 'rotate-session',
  text: `update sessions s
            set generation = s.generation + 1, rotated_at = $3, last_seen_at = $3
           from users u
          where s.id = $1 and s.generation = $2 and s.ended_at is null and s.expires_at > $3
            and u.id = s.user_id and u.is_active
      returning s.user_id`,
};

interface Rotated {
  userId: string;
  sessionId: string;
  generation: number;
}

interface Answer {
  token_type: string;
}

/** A repeated token is not taken here: no client of the measurement sends one. */
export const refreshTokens = defineOperation<Rotated>({
  id: 'refreshTokens',
  cases: {
    refresh: ({ member }) => ({
      body: (connection) => ({ refresh_token: member.tokens[connection]?.refresh_token }),
      follow: 'refresh_token',
      varying: ['access_token', 'refresh_token'],
      isExpected: ({ token_type }: Answer) => token_type === 'bearer',
    }),
  },
  work: async ({ body, keys }, client) => {
    const { sessionId, generation } = readRefreshToken(
      (body as { refresh_token: string }).refresh_token,
      keys.refresh,
    );
    const { rows } = await client.query<{ user_id: string }>(rotate, [sessionId, generation, new Date()]);
    const [row] = rows;
    if (!row) throw new TypeError('The refresh token is used.');
    return { userId: row.user_id, sessionId, generation: generation + 1 };
  },
  answer: (rotated, { keys }) => signTokens(rotated, keys),
});
