import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { OrganizationMember } from '../../models/organization-member.ts';
import { getOrganization } from './getOrganization.ts';
import { shownMembers } from './members.ts';

const membersOf = preparePages<Schema<'OrganizationMember'>, { organization_id: string }>(
  OrganizationMember,
  { direction: 'asc', columns: ['users.email'] },
  (which, database) => shownMembers(database).where(which),
);

export async function listOrganizationMembers(
  context: Context,
  organization_id: string,
  page: PageRequest,
): Promise<Page<Schema<'OrganizationMember'>>> {
  const found = await membersOf(context.database, { organization_id }, page);
  // Only where nobody is found is it worth asking whether there is an organization at all.
  if (found.items.length === 0) await getOrganization(context, { id: organization_id });
  return found;
}
