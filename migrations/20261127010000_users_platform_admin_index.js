// Whoever takes a platform admin away looks at all of them first.
export const config = { transaction: false };

export const up = (knex) =>
  knex.raw(
    'create index concurrently if not exists users_platform_admin_idx on users (id) where is_platform_admin',
  );

export const down = (knex) => knex.raw('drop index concurrently if exists users_platform_admin_idx');
