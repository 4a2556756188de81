// By the order of its letters, so that the beginning of an e-mail is found whatever the database sorts by.
export const config = { transaction: false };

export const up = (knex) =>
  knex.raw(
    'create index concurrently if not exists users_email_beginning_idx on users (email text_pattern_ops)',
  );

export const down = (knex) => knex.raw('drop index concurrently if exists users_email_beginning_idx');
