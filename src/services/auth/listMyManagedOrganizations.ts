import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';

export async function listMyManagedOrganizations(
  { database }: Context,
  userId: string,
): Promise<Schema<'ManagedOrganizations'>> {
  const managed_org_ids = await database('organization_roles')
    .distinct()
    .where({ user_id: userId, role: 'manager' })
    .orderBy('organization_id')
    .limit(10_000)
    .pluck<string[]>('organization_id');
  return { managed_org_ids };
}
