export const config = { transaction: false };

export const up = (knex) =>
  knex.raw(
    'create index concurrently if not exists access_requests_status_newest_idx on access_requests (status, requested_at, id)',
  );

export const down = (knex) => knex.raw('drop index concurrently if exists access_requests_status_newest_idx');
