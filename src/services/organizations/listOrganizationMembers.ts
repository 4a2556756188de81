import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { getOrganization } from './getOrganization.ts';
import { shownMembers } from './members.ts';

export async function listOrganizationMembers(
  context: Context,
  organization_id: string,
  page: PageRequest,
): Promise<Page<Schema<'OrganizationMember'>>> {
  const members = shownMembers(context.database).where({ organization_id });
  const found = await fetchPage(members, { direction: 'asc', columns: ['users.email'] }, page);
  // Only where nobody is found is it worth asking whether there is an organization at all.
  if (found.items.length === 0) await getOrganization(context, { id: organization_id });
  return found;
}
