import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { AppRole } from '../../models/app-role.ts';
import { getApp } from './getApp.ts';

const rolesOf = preparePages<Schema<'AppRole'>, { app_id: string }>(
  AppRole,
  { direction: 'asc', columns: ['role_key'] },
  (which, database) =>
    AppRole.query(database)
      .select(...AppRole.columns)
      .where(which),
);

export async function listAppRoles(
  context: Context,
  appId: string,
  page: PageRequest,
): Promise<Page<Schema<'AppRole'>>> {
  await getApp(context, appId);
  return rolesOf(context.database, { app_id: appId }, page);
}
