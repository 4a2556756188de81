export const up = (knex) =>
  knex.raw(`
    create table access_requests (
      id uuid primary key,
      user_id uuid not null constraint access_requests_user_id_fkey references users on delete cascade,
      app_id uuid not null constraint access_requests_app_id_fkey references apps on delete cascade,
      status text not null default 'pending' constraint access_requests_status_check
        check (status in ('pending', 'approved', 'rejected')),
      note text,
      requested_at timestamptz(3) not null default now(),
      reviewed_by uuid constraint access_requests_reviewed_by_fkey references users on delete set null,
      reviewed_at timestamptz(3),
      review_reason text
    );
    create unique index access_requests_open_key on access_requests (user_id, app_id) where status <> 'rejected';
    create index access_requests_newest_idx on access_requests (requested_at, id);
    create index access_requests_app_id_idx on access_requests (app_id, status, requested_at, id);
    create index access_requests_user_id_idx on access_requests (user_id, requested_at, id);
    create index access_requests_reviewed_by_idx on access_requests (reviewed_by);

    alter table apps add constraint apps_auto_approve_check check (default_role_key is not null or not auto_approve);
  `);

export const down = (knex) =>
  knex.raw(`
    alter table apps drop constraint apps_auto_approve_check;
    drop table access_requests;
  `);
