import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

export async function listOrganizations({ database }: Context): Promise<Schema<'Organization'>[]> {
  return Organization.query(database).orderBy(['name', 'id']).limit(10_000);
}
