import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';

const apps = preparePages<Schema<'App'>>(App, { direction: 'asc', columns: ['name', 'id'] }, (_, database) =>
  App.query(database).select(...App.columns),
);

export async function listApps({ database }: Context, page: PageRequest): Promise<Page<Schema<'App'>>> {
  return apps(database, {}, page);
}
