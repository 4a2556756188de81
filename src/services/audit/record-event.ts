import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { AuditEvent } from '../../models/audit-event.ts';

type Action = Schema<'AuditEvent'>['action'];

interface Event {
  readonly subject_id: string | null;
  /** Never a secret. */
  readonly details: Record<string, unknown>;
}

/** As many as one statement can take. */
const batchSize = 1000;

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
  const occurred_at = clock().toISOString();
  for (let start = 0; start < events.length; start += batchSize) {
    const batch = events.slice(start, start + batchSize);
    await AuditEvent.query(database).insert(
      batch.map((event) => ({ ...event, action, actor_id, occurred_at, ip, request_id })),
    );
  }
}
