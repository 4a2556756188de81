import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';

const userById = prepareQuery<Schema<'ListedUser'>, { id: string }>(({ id }, database) =>
  User.query(database)
    .select(...User.listedColumns)
    .findById(id),
);

export async function getUser({ database }: Context, id: string): Promise<Schema<'ListedUser'>> {
  const [user] = await userById(database, { id });
  return user ?? Promise.reject(noSuchUser());
}

export function noSuchUser() {
  return notFound('There is no user with this id.');
}
