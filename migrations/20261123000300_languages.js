export const up = (knex) =>
  knex.raw(`
    create table languages (
      id uuid primary key,
      name text not null,
      search_name text not null,
      code text not null,
      created_at timestamptz(3) not null default now(),
      constraint languages_code_key unique (code),
      constraint languages_code_check check (code ~ '^[a-z]{3}$')
    )
  `);

export const down = (knex) => knex.raw('drop table languages');
