import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { App } from '../../models/app.ts';
import { shownRequests } from './shown-requests.ts';

interface Filters {
  readonly app_key?: string;
  readonly status?: Schema<'AccessRequest'>['status'];
}

export async function listAccessRequests(
  context: Context,
  { app_key, status, ...page }: Filters & PageRequest,
): Promise<Page<Schema<'AccessRequest'>>> {
  const requests = shownRequests(context);
  // Known before anything is read, the app is where an index begins that has its requests in order.
  if (app_key !== undefined)
    void requests.where(
      'access_requests.app_id',
      App.query(context.database).select('id').where({ app_key }),
    );
  if (status !== undefined) void requests.where('access_requests.status', status);
  const columns = ['access_requests.requested_at', 'access_requests.id'];
  return fetchPage(requests, { direction: 'desc', columns }, page);
}
