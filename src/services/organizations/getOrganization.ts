import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

export async function getOrganization(
  { database }: Context,
  which: { id: string } | { slug: string },
): Promise<Schema<'Organization'>> {
  const organization = await Organization.query(database)
    .select(...Organization.columns)
    .findOne(which);
  return organization ?? Promise.reject(noSuchOrganization());
}

export function noSuchOrganization() {
  return notFound('There is no such organization.');
}
