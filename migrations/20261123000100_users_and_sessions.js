export const up = (knex) =>
  knex.raw(`
    create table users (
      id uuid primary key,
      email text not null,
      password_hash text not null,
      display_name text,
      avatar_url text,
      locale text,
      is_active boolean not null default true,
      is_platform_admin boolean not null default false,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint users_email_key unique (email),
      constraint users_email_lower_case check (email = lower(email))
    );

    -- A refresh token names a session and a generation; the generation is what rotates.
    create table sessions (
      id uuid primary key,
      user_id uuid not null constraint sessions_user_id_fkey references users on delete cascade,
      generation integer not null default 0,
      rotated_at timestamptz(3) not null,
      created_at timestamptz(3) not null,
      last_seen_at timestamptz(3) not null,
      expires_at timestamptz(3) not null,
      ended_at timestamptz(3),
      end_reason text constraint sessions_end_reason_check
        check (end_reason in ('signed_out', 'token_reused')),
      user_agent text,
      ip inet,
      constraint sessions_ended_check check ((ended_at is null) = (end_reason is null))
    );
    create index sessions_user_id_idx on sessions (user_id, created_at);
  `);

export const down = (knex) => knex.raw('drop table sessions, users');
