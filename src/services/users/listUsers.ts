import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';

const users = preparePages<Schema<'ListedUser'>>(
  User,
  { direction: 'desc', columns: ['created_at', 'id'] },
  (_, database) => User.query(database).select(...User.listedColumns),
);

export async function listUsers(
  { database }: Context,
  page: PageRequest,
): Promise<Page<Schema<'ListedUser'>>> {
  return users(database, {}, page);
}
