import type { Context } from '../../core/context.ts';
import { nativeCode } from '../../core/database-errors.ts';
import { invalid } from '../../core/errors.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
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

const eventsWith = preparePages<Schema<'AuditEvent'>, Filters>(
  AuditEvent,
  { direction: 'desc', columns: ['occurred_at', 'id'] },
  ({ since, ...same }, database) => {
    const events = AuditEvent.query(database)
      .select(...AuditEvent.columns)
      .where(same);
    return since === undefined ? events : events.where('occurred_at', '>=', since);
  },
);

export async function listAuditEvents(
  { database }: Context,
  { limit, cursor, ...filters }: Filters & PageRequest,
): Promise<Page<Schema<'AuditEvent'>>> {
  return eventsWith(database, filters, { limit, cursor }).catch((error: unknown) => {
    throw nativeCode(error)?.startsWith(dataException) ? noTime() : error;
  });
}

/** Spelled like a time, such as the 29th of February in any year, it still may be none. */
function noTime() {
  return invalid([{ in: 'query', path: 'since', message: 'is not a time that the calendar has' }]);
}
