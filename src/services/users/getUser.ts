import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';

export async function getUser({ database }: Context, userId: string): Promise<Schema<'ListedUser'>> {
  const user = await User.query(database)
    .select(...User.listedColumns)
    .findById(userId);
  if (!user) throw noSuchUser();
  return user;
}

export function noSuchUser() {
  return notFound('There is no user with this id.');
}
