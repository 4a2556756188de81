import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { endSessions } from './end-sessions.ts';

/** Any token of a session ends it, the newest one or an older one. */
export async function logOut(context: Context, { refresh_token }: Schema<'LogOutRequest'>): Promise<void> {
  const claims = context.tokens.readRefreshToken(refresh_token);
  if (claims) await endSessions(context, { id: claims.sessionId });
}
