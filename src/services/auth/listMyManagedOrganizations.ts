import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';

const managedBy = prepareQuery<{ organization_id: string }, { user_id: string }>(({ user_id }, database) =>
  database('organization_roles')
    .distinct('organization_id')
    .where({ user_id, role: 'manager' })
    .orderBy('organization_id')
    .limit(10_000),
);

export async function listMyManagedOrganizations(
  { database }: Context,
  userId: string,
): Promise<Schema<'ManagedOrganizations'>> {
  const managed = await managedBy(database, { user_id: userId });
  return { managed_org_ids: managed.map(({ organization_id }) => organization_id) };
}
