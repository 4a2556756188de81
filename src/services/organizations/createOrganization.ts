import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

export async function createOrganization(
  { database }: Context,
  organization: Schema<'CreateOrganizationRequest'>,
): Promise<Schema<'Organization'>> {
  const slug = organization.slug.toLowerCase();
  return Organization.query(database)
    .insert({ ...organization, slug })
    .returning('*')
    .catch(
      onConstraint({
        organizations_slug_key: () =>
          conflict('SLUG_TAKEN', `An organization has the slug "${slug}" already. Please choose another.`),
        organizations_manager_id_fkey: () => unknownReference('manager'),
      }),
    );
}
