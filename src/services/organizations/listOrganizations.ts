import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

export async function listOrganizations(
  { database }: Context,
  page: PageRequest,
): Promise<Page<Schema<'Organization'>>> {
  const organizations = Organization.query(database).select(...Organization.columns);
  return fetchPage(organizations, { direction: 'asc', columns: ['name', 'id'] }, page);
}
