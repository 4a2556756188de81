export const config = { transaction: false };

export const up = (knex) =>
  knex.raw(
    'create index concurrently if not exists projects_language_name_idx on projects (language_id, name, id)',
  );

export const down = (knex) => knex.raw('drop index concurrently if exists projects_language_name_idx');
