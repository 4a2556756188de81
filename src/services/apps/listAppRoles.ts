import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { AppRole } from '../../models/app-role.ts';
import { getApp } from './getApp.ts';

export async function listAppRoles(
  context: Context,
  appId: string,
  page: PageRequest,
): Promise<Page<Schema<'AppRole'>>> {
  await getApp(context, appId);
  const roles = AppRole.query(context.database)
    .select(...AppRole.columns)
    .where('app_id', appId);
  return fetchPage(roles, { direction: 'asc', columns: ['role_key'] }, page);
}
