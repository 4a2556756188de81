export const up = (knex) =>
  knex.raw(`
    create table idempotency_keys (
      user_id uuid not null constraint idempotency_keys_user_id_fkey references users on delete cascade,
      operation_id text not null,
      key text not null,
      request_hash text not null,
      answer json,
      created_at timestamptz(3) not null,
      constraint idempotency_keys_pkey primary key (user_id, operation_id, key)
    );
    create index idempotency_keys_created_at_idx on idempotency_keys (created_at);
  `);

export const down = (knex) => knex.raw('drop table idempotency_keys');
