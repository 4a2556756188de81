import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { AccessRequest } from '../../models/access-request.ts';
import { App } from '../../models/app.ts';
import { shownRequests } from './shown-requests.ts';

interface Filters {
  readonly app_key?: string;
  readonly status?: Schema<'AccessRequest'>['status'];
}

const requestsWith = preparePages<Schema<'AccessRequest'>, Filters>(
  AccessRequest,
  { direction: 'desc', columns: ['access_requests.requested_at', 'access_requests.id'] },
  ({ app_key, status }, database) => {
    const requests = shownRequests({ database });
    // Known before anything is read, the app is where an index begins that has its requests in order.
    if (app_key !== undefined)
      void requests.where('access_requests.app_id', App.query(database).select('id').where({ app_key }));
    if (status !== undefined) void requests.where('access_requests.status', status);
    return requests;
  },
);

export async function listAccessRequests(
  { database }: Context,
  { limit, cursor, ...filters }: Filters & PageRequest,
): Promise<Page<Schema<'AccessRequest'>>> {
  return requestsWith(database, filters, { limit, cursor });
}
