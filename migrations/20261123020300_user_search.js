export const up = (knex) =>
  knex.raw(`
    create extension if not exists pg_trgm;
    alter table users add column search_text text not null default '';
    update users
       set search_text = email || E'\\n' ||
             lower(regexp_replace(normalize(coalesce(display_name, ''), NFKD), '[\\u0300-\\u036f]', '', 'g'));
    create index users_search_text_idx on users using gin (search_text gin_trgm_ops) with (fastupdate = off);
    create index users_created_at_idx on users (created_at, id);
  `);

export const down = (knex) =>
  knex.raw(`
    drop index users_created_at_idx;
    alter table users drop column search_text;
    drop extension pg_trgm;
  `);
