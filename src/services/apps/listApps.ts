import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';

export async function listApps({ database }: Context, page: PageRequest): Promise<Page<Schema<'App'>>> {
  return fetchPage(
    App.query(database).select(...App.columns),
    { direction: 'asc', columns: ['name', 'id'] },
    page,
  );
}
