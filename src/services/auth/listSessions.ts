import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { Session } from '../../models/session.ts';

/** The user's live sessions. */
export async function listSessions(
  { database, clock }: Context,
  userId: string,
  currentSessionId: string,
  page: PageRequest,
): Promise<Page<Schema<'Session'>>> {
  const sessions = Session.query(database)
    .select('id', 'created_at', 'last_seen_at', 'user_agent', 'ip')
    .where({ user_id: userId })
    .whereNull('ended_at')
    .where('expires_at', '>', clock().toISOString());
  const { items, ...rest } = await fetchPage(
    sessions,
    { direction: 'desc', columns: ['last_seen_at', 'id'] },
    page,
  );
  const marked = items.map(({ id, created_at, last_seen_at, user_agent, ip }) => ({
    ...{ id, created_at, last_seen_at, user_agent, ip },
    current: id === currentSessionId,
  }));
  return { items: marked, ...rest };
}
