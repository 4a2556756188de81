import { inTransaction, type Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';
import { recordEvent } from '../audit/record-event.ts';

export async function createOrganization(
  context: Context,
  organization: Schema<'CreateOrganizationRequest'>,
): Promise<Schema<'Organization'>> {
  const slug = organization.slug.toLowerCase();
  return inTransaction(context, async (context) => {
    const created = await Organization.query(context.database)
      .insert({ ...organization, slug })
      .returning([...Organization.columns])
      .catch(onOrganizationConstraint(slug));
    await recordEvent(context, 'organization.created', created.id, { name: created.name, slug });
    return created;
  });
}

/** What the table refuses, for creating and changing alike. */
export function onOrganizationConstraint(slug: string) {
  return onConstraint({
    organizations_slug_key: () =>
      conflict('SLUG_TAKEN', `An organization has the slug "${slug}" already. Please choose another.`),
    organizations_manager_id_fkey: () => unknownReference('manager'),
  });
}
