import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';

type Which = { id: string } | { slug: string };

const organizationWith = prepareQuery<Schema<'Organization'>, Which>((which, database) =>
  Organization.query(database)
    .select(...Organization.columns)
    .findOne(which),
);

export async function getOrganization({ database }: Context, which: Which): Promise<Schema<'Organization'>> {
  const [organization] = await organizationWith(database, which);
  return organization ?? Promise.reject(noSuchOrganization());
}

export function noSuchOrganization() {
  return notFound('There is no such organization.');
}
