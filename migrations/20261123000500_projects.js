export const up = (knex) =>
  knex.raw(`
    create table projects (
      id uuid primary key,
      name text not null,
      description text,
      language_id uuid not null constraint projects_language_id_fkey references languages on delete restrict,
      latitude double precision constraint projects_latitude_check check (latitude between -90 and 90),
      longitude double precision constraint projects_longitude_check check (longitude between -180 and 180),
      location_display_name text,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint projects_place_check check ((latitude is null) = (longitude is null))
    );
    create index projects_name_idx on projects (name, id);
    create index projects_language_id_idx on projects (language_id);

    create table project_user_access (
      id uuid primary key,
      project_id uuid not null constraint project_user_access_project_id_fkey references projects on delete cascade,
      user_id uuid not null constraint project_user_access_user_id_fkey references users on delete cascade,
      role text not null constraint project_user_access_role_check check (role in ('member', 'manager')),
      granted_at timestamptz(3) not null default now(),
      constraint project_user_access_user_id_key unique (project_id, user_id)
    );
    create index project_user_access_user_id_idx on project_user_access (user_id);

    create table project_organization_access (
      id uuid primary key,
      project_id uuid not null constraint project_organization_access_project_id_fkey
        references projects on delete cascade,
      organization_id uuid not null constraint project_organization_access_organization_id_fkey
        references organizations on delete cascade,
      granted_at timestamptz(3) not null default now(),
      constraint project_organization_access_organization_id_key unique (project_id, organization_id)
    );
    create index project_organization_access_organization_id_idx on project_organization_access (organization_id);

    -- Every role somebody has in a project: their own, or through an organization that has access.
    create view project_roles as
      select project_id, user_id, role from project_user_access
      union all
      select access.project_id, organization_roles.user_id, organization_roles.role
        from project_organization_access access
        join organization_roles using (organization_id);
  `);

export const down = (knex) =>
  knex.raw(`
    drop view project_roles;
    drop table project_organization_access, project_user_access, projects;
  `);
