import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';

const columns = App.columns.filter((column) => column !== 'auto_approve');

type Row = App & Pick<Schema<'MyApp'>, 'roles' | 'is_platform_admin'>;

export async function listMyApps(
  { database }: Context,
  { id, is_platform_admin }: Pick<Schema<'User'>, 'id' | 'is_platform_admin'>,
  page: PageRequest,
): Promise<Page<Schema<'MyApp'>>> {
  const heldRoles = database
    .select(database.raw(`coalesce(array_agg(role_key order by role_key), '{}')`))
    .from('held_app_roles')
    .where('user_id', id)
    .whereRaw('held_app_roles.app_key = apps.app_key');
  const apps = App.query(database)
    .select(
      ...columns.map((column) => `apps.${column}`),
      heldRoles.as('roles'),
      database.raw('?::boolean as is_platform_admin', [is_platform_admin]),
    )
    .where('is_active', true)
    .castTo<Row[]>();
  if (!is_platform_admin) {
    void apps.whereIn('app_key', database.select('app_key').from('held_app_roles').where('user_id', id));
  }
  return fetchPage(apps, { direction: 'asc', columns: ['name', 'id'] }, page);
}
