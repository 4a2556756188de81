export const up = (knex) =>
  knex.raw(`
    -- What is still to be sent. Whether anybody has the address is found out then: asking takes the same for everyone.
    create table mails (
      id uuid primary key,
      kind text not null constraint mails_kind_check check (kind in ('password_reset', 'password_changed')),
      email text not null,
      app_key text,
      requested_at timestamptz(3) not null,
      attempts integer not null default 0,
      next_attempt_at timestamptz(3) not null,
      ip inet,
      request_id text
    );
    create index mails_next_attempt_at_idx on mails (next_attempt_at);
    create index mails_email_idx on mails (email);

    -- A reset has the id of the mail that carries its token, so that an attempt to send it again replaces the token.
    create table password_resets (
      id uuid primary key,
      user_id uuid not null constraint password_resets_user_id_fkey references users on delete cascade,
      token_hash bytea not null,
      expires_at timestamptz(3) not null,
      constraint password_resets_token_hash_key unique (token_hash)
    );
    create index password_resets_user_id_idx on password_resets (user_id);
    create index password_resets_expires_at_idx on password_resets (expires_at);
  `);

export const down = (knex) => knex.raw('drop table password_resets, mails');
