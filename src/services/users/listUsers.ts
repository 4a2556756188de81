import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { User } from '../../models/user.ts';

export async function listUsers(
  { database }: Context,
  page: PageRequest,
): Promise<Page<Schema<'ListedUser'>>> {
  const users = User.query(database).select(...User.listedColumns);
  return fetchPage(users, { direction: 'desc', columns: ['created_at', 'id'] }, page);
}
