import { randomUUID } from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import { platformAdmin, signUp, type Person } from './people.ts';
import type { TestService } from './service.ts';

export async function createOrganization(
  service: TestService,
  details: Partial<Schema<'CreateOrganizationRequest'>> = {},
): Promise<Schema<'Organization'>> {
  const { body } = await service.call('createOrganization', 201, {
    as: await platformAdmin(service),
    body: { name: 'Coastal Translation Network', slug: randomUUID(), ...details },
  });
  return body;
}

/** Somebody who has just become a member. */
export async function memberOf(
  service: TestService,
  organization: { id: string },
  role: 'member' | 'manager',
): Promise<Person> {
  const [admin, person] = [await platformAdmin(service), await signUp(service)];
  await service.call('addOrganizationMember', 201, {
    as: admin,
    path: { organization_id: organization.id },
    body: { user_id: person.id, role },
  });
  return person;
}
