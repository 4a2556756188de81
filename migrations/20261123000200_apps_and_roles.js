export const up = (knex) =>
  knex.raw(`
    create table apps (
      id uuid primary key,
      app_key text not null,
      name text not null,
      description text,
      icon_url text,
      app_url text,
      ios_url text,
      android_url text,
      platform text not null default 'web' constraint apps_platform_check
        check (platform in ('web', 'mobile', 'both')),
      is_active boolean not null default true,
      auto_approve boolean not null default false,
      default_role_key text,
      created_at timestamptz(3) not null default now(),
      constraint apps_app_key_key unique (app_key),
      constraint apps_app_key_check check (app_key ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
    );

    create table app_roles (
      id uuid primary key,
      app_id uuid not null constraint app_roles_app_id_fkey references apps on delete cascade,
      role_key text not null constraint app_roles_role_key_check check (role_key ~ '^[a-z0-9][a-z0-9_-]*$'),
      label text not null,
      description text,
      is_system boolean not null default false,
      created_at timestamptz(3) not null default now(),
      constraint app_roles_role_key_key unique (app_id, role_key)
    );

    create table role_assignments (
      id uuid primary key,
      user_id uuid not null constraint role_assignments_user_id_fkey references users on delete cascade,
      app_role_id uuid not null constraint role_assignments_app_role_id_fkey references app_roles on delete cascade,
      granted_at timestamptz(3) not null default now(),
      granted_by uuid constraint role_assignments_granted_by_fkey references users on delete set null,
      revoked_at timestamptz(3),
      revoked_by uuid constraint role_assignments_revoked_by_fkey references users on delete set null
    );
    create unique index role_assignments_active_key on role_assignments (user_id, app_role_id)
      where revoked_at is null;
    create index role_assignments_app_role_id_idx on role_assignments (app_role_id);

    create view held_app_roles as
      select assignment.user_id, app.app_key, role.role_key, assignment.granted_at
        from role_assignments assignment
        join app_roles role on role.id = assignment.app_role_id
        join apps app on app.id = role.app_id
       where assignment.revoked_at is null and app.is_active;
  `);

export const down = (knex) =>
  knex.raw(`
    drop view held_app_roles;
    drop table role_assignments, app_roles, apps;
  `);
