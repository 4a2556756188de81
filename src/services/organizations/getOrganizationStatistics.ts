import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { noSuchOrganization } from './getOrganization.ts';

const count: Statement = {
  name: 'organization-statistics',
  text: `select (select count(*) from project_organization_access where organization_id = o.id)::int as project_count,
                (select count(distinct user_id) from organization_roles where organization_id = o.id)::int as member_count,
                (select count(distinct p.language_id)
                   from project_organization_access access join projects p on p.id = access.project_id
                  where access.organization_id = o.id)::int as language_count
           from organizations o
          where o.id = $1`,
};

export async function getOrganizationStatistics(
  { database }: Context,
  organizationId: string,
): Promise<Schema<'OrganizationStatistics'>> {
  const [statistics] = await runStatement<Schema<'OrganizationStatistics'>>(database, count, [
    organizationId,
  ]);
  return statistics ?? Promise.reject(noSuchOrganization());
}
