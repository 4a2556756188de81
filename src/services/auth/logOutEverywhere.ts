import type { Context } from '../../core/context.ts';
import { endSessions } from './end-sessions.ts';

export async function logOutEverywhere(context: Context, userId: string): Promise<void> {
  await endSessions(context, { user_id: userId });
}
