import type { Context } from '../../core/context.ts';
import { nativeCode } from '../../core/database-errors.ts';
import { invalid } from '../../core/errors.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { AuditEvent } from '../../models/audit-event.ts';

/** The class of PostgreSQL's errors about values. */
const dataException = '22';

interface Filters {
  readonly actor_id?: string;
  readonly subject_id?: string;
  readonly action?: Schema<'AuditAction'>;
  readonly since?: string;
}

export async function listAuditEvents(
  { database }: Context,
  { since, limit, cursor, ...same }: Filters & PageRequest,
): Promise<Page<Schema<'AuditEvent'>>> {
  const events = AuditEvent.query(database)
    .select(...AuditEvent.columns)
    .where(same);
  if (since !== undefined) void events.where('occurred_at', '>=', since);
  return fetchPage(
    events,
    { direction: 'desc', columns: ['occurred_at', 'id'] },
    { ...(limit !== undefined && { limit }), ...(cursor !== undefined && { cursor }) },
  ).catch((error: unknown) => {
    throw nativeCode(error)?.startsWith(dataException) ? noTime() : error;
  });
}

/** Spelled like a time, such as the 29th of February in any year, it still may be none. */
function noTime() {
  return invalid([{ in: 'query', path: 'since', message: 'is not a time that the calendar has' }]);
}
