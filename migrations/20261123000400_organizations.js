export const up = (knex) =>
  knex.raw(`
    create table organizations (
      id uuid primary key,
      name text not null,
      slug text not null,
      description text,
      logo_url text,
      manager_id uuid constraint organizations_manager_id_fkey references users on delete set null,
      created_at timestamptz(3) not null default now(),
      updated_at timestamptz(3) not null default now(),
      constraint organizations_slug_key unique (slug),
      constraint organizations_slug_check check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$')
    );
    create index organizations_name_idx on organizations (name, id);
    create index organizations_manager_id_idx on organizations (manager_id);

    create table organization_members (
      id uuid primary key,
      organization_id uuid not null constraint organization_members_organization_id_fkey
        references organizations on delete cascade,
      user_id uuid not null constraint organization_members_user_id_fkey references users on delete cascade,
      role text not null constraint organization_members_role_check check (role in ('member', 'manager')),
      joined_at timestamptz(3) not null default now(),
      constraint organization_members_user_id_key unique (organization_id, user_id)
    );
    create index organization_members_user_id_idx on organization_members (user_id);

    -- Every role somebody has in an organization, however they came by it.
    create view organization_roles as
      select organization_id, user_id, role from organization_members
      union all
      select id, manager_id, 'manager' from organizations where manager_id is not null;
  `);

export const down = (knex) =>
  knex.raw(`
    drop view organization_roles;
    drop table organization_members, organizations;
  `);
