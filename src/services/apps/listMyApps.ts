import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';
import { viewerOf, type Viewer } from '../users/viewer.ts';

const columns = App.columns.filter((column) => column !== 'auto_approve');

const appsOf = preparePages<Schema<'MyApp'>, Viewer>(
  App,
  { direction: 'asc', columns: ['name', 'id'] },
  ({ viewer, sees_all }, database) => {
    const heldRoles = database
      .select(database.raw(`coalesce(array_agg(role_key order by role_key), '{}')`))
      .from('held_app_roles')
      .where({ user_id: viewer })
      .whereRaw('held_app_roles.app_key = apps.app_key');
    const apps = App.query(database)
      .select(
        ...columns.map((column) => `apps.${column}`),
        heldRoles.as('roles'),
        database.raw('?::boolean as is_platform_admin', [sees_all !== undefined]),
      )
      .where('is_active', true);
    if (sees_all === undefined)
      void apps.whereIn(
        'app_key',
        database.select('app_key').from('held_app_roles').where({ user_id: viewer }),
      );
    return apps;
  },
);

export async function listMyApps(
  { database }: Context,
  user: Pick<Schema<'User'>, 'id' | 'is_platform_admin'>,
  page: PageRequest,
): Promise<Page<Schema<'MyApp'>>> {
  return appsOf(database, viewerOf(user), page);
}
