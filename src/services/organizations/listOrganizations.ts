import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

const organizations = preparePages<Schema<'Organization'>>(
  Organization,
  { direction: 'asc', columns: ['name', 'id'] },
  (_, database) => Organization.query(database).select(...Organization.columns),
);

export async function listOrganizations(
  { database }: Context,
  page: PageRequest,
): Promise<Page<Schema<'Organization'>>> {
  return organizations(database, {}, page);
}
