import type { Schema } from '../../src/core/schema.ts';
import { AuditEvent } from '../../src/models/audit-event.ts';
import type { TestService } from './service.ts';

type Recorded = Pick<Schema<'AuditEvent'>, 'action' | 'actor_id' | 'details'>;

/** What has been recorded about somebody or something, the oldest first. */
export async function eventsAbout(service: TestService, subject: { id: string }): Promise<Recorded[]> {
  const events = await AuditEvent.query(service.context.database)
    .where({ subject_id: subject.id })
    .orderBy(['occurred_at', 'id']);
  return events.map(({ action, actor_id, details }) => ({ action, actor_id, details }));
}
