import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';

type Action = Schema<'AuditEvent'>['action'];

interface Event {
  readonly subject_id: string | null;
  /** Never a secret. */
  readonly details: Record<string, unknown>;
}

/** However many there are, it is one statement that never changes. */
const insertEvents: Statement = {
  name: 'record-events',
  text: `insert into audit_events (id, subject_id, details, action, actor_id, occurred_at, ip, request_id)
         select id, subject_id, details, $4, $5::uuid, $6::timestamptz, $7::inet, $8
           from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as event (id, subject_id, details)`,
};

/**
 * Notes who did what to whom. Call it in the transaction of the change that it tells of.
 * @param details never a secret
 */
export async function recordEvent(
  context: Context,
  action: Action,
  subjectId: string | null,
  details: Record<string, unknown> = {},
): Promise<void> {
  await recordEvents(context, action, [{ subject_id: subjectId, details }]);
}

/** The same for many at once. */
export async function recordEvents(
  { database, clock, origin }: Context,
  action: Action,
  events: readonly Event[],
): Promise<void> {
  const { actor_id, ip, request_id } = origin;
  await runStatement(database, insertEvents, [
    events.map(() => newId()),
    events.map(({ subject_id }) => subject_id),
    events.map(({ details }) => JSON.stringify(details)),
    ...[action, actor_id, clock(), ip, request_id],
  ]);
}
