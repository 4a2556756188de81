import type { Schema } from '../../src/core/schema.ts';
import type { Person } from './people.ts';
import type { TestService } from './service.ts';

/** What the audit list says about somebody or something, the newest first. */
export async function eventsAbout(
  service: TestService,
  admin: Person,
  subject: { id: string },
): Promise<Schema<'AuditEvent'>[]> {
  const query = { subject_id: subject.id };
  return (await service.call('listAuditEvents', 200, { as: admin, query })).body;
}
