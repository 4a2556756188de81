import { minutesAfter } from '../../core/clock.ts';
import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { Session } from '../../models/session.ts';

/** Long enough to be noticed by who signs in now and then. */
const minutesToNotice = 30 * 24 * 60;

type Listed = Session & { end_reason: 'token_reused' | null };

const sessionsOf = preparePages<Listed, { user_id: string; now: string; lately: string }>(
  Session,
  // By what never changes: sessions that are refreshed meanwhile don't move away from under a walk.
  { direction: 'desc', columns: ['created_at', 'id'] },
  ({ user_id, now, lately }, database) =>
    Session.query(database)
      .select('id', 'created_at', 'last_seen_at', 'user_agent', 'ip', 'ended_at', 'end_reason')
      .where({ user_id })
      .where((which) =>
        which
          .where((live) => live.whereNull('ended_at').where('expires_at', '>', now))
          .orWhere((suspect) => suspect.where({ end_reason: 'token_reused' }).where('ended_at', '>', lately)),
      ),
);

/** The user's live sessions, and those that ended lately because somebody else may have held their tokens. */
export async function listSessions(
  { database, clock }: Context,
  userId: string,
  currentSessionId: string,
  page: PageRequest,
): Promise<Page<Schema<'Session'>>> {
  const now = clock();
  const { items, ...rest } = await sessionsOf(
    database,
    {
      user_id: userId,
      now: now.toISOString(),
      lately: minutesAfter(now, -minutesToNotice).toISOString(),
    },
    page,
  );
  return { items: items.map((session) => shown(session, currentSessionId)), ...rest };
}

function shown(
  { id, created_at, last_seen_at, user_agent, ip, ended_at, end_reason }: Listed,
  currentSessionId: string,
): Schema<'Session'> {
  const isCurrent = id === currentSessionId;
  return { id, created_at, last_seen_at, user_agent, ip, current: isCurrent, ended_at, end_reason };
}
