import { letters, type Ids } from './samples.ts';
import type { TestService } from './service.ts';

/** Ids of what was added, by table. */
export type Added = Readonly<Record<string, readonly string[]>>;

/** Makes every list around a sample longer by so many, at random places in its order. */
export async function addRows({ context }: TestService, ids: Ids, count: number): Promise<Added> {
  const { rows } = await context.database.raw<{ rows: { name: string; id: string }[] }>(manyOfEach, {
    ...ids,
    count,
  });
  const added: Record<string, string[]> = {};
  for (const { name, id } of rows) (added[name] ??= []).push(id);
  return added;
}

export async function removeRows({ context }: TestService, added: Added): Promise<void> {
  for (const [name, ids] of Object.entries(added)) await context.database(name).whereIn('id', ids).delete();
}

const manyOfEach = `
  with ${letters},
  series as (select gen_random_uuid() id, md5(cast(random() as text)) word, n from generate_series(1, :count) n),
  new_users as (
    insert into users (id, email, display_name, search_text, password_hash, created_at)
      select id, word || '@example.org', word, word || '@example.org' || chr(10) || word, '', now() - random() * interval '9 days'
        from series returning id),
  new_members as (
    insert into organization_members (id, organization_id, user_id, role)
      select gen_random_uuid(), cast(:organization_id as uuid), id, 'member' from new_users),
  new_access as (
    insert into project_user_access (id, project_id, user_id, role)
      select gen_random_uuid(), cast(:project_id as uuid), id, 'member' from new_users),
  new_requests as (
    insert into access_requests (id, user_id, app_id, requested_at)
      select gen_random_uuid(), id, cast(:app_id as uuid), now() - random() * interval '9 days' from new_users),
  new_languages as (
    insert into languages (id, name, search_name, code)
      select gen_random_uuid(), 'Language ' || code, 'language ' || code, code from (
        select a.letter || b.letter || c.letter code from letters_to_p a, letters b, letters c
        except select code from languages) free order by random() limit :count returning id),
  new_organizations as (
    insert into organizations (id, name, slug) select gen_random_uuid(), word, word from series returning id),
  new_organization_access as (
    insert into project_organization_access (id, project_id, organization_id)
      select gen_random_uuid(), cast(:project_id as uuid), id from new_organizations),
  new_memberships as (
    insert into organization_members (id, organization_id, user_id, role)
      select gen_random_uuid(), id, cast(:user_id as uuid), 'manager' from new_organizations),
  new_projects as (
    insert into projects (id, name, language_id)
      select gen_random_uuid(), word, cast(:spoken_language_id as uuid) from series returning id),
  new_own_access as (
    insert into project_user_access (id, project_id, user_id, role)
      select gen_random_uuid(), id, cast(:user_id as uuid), 'manager' from new_projects),
  new_shared_access as (
    insert into project_organization_access (id, project_id, organization_id)
      select gen_random_uuid(), id, cast(:organization_id as uuid) from new_projects),
  new_phases as (
    insert into phases (id, name) select gen_random_uuid(), word from series returning id),
  new_attached as (
    insert into project_phases (id, project_id, phase_id)
      select gen_random_uuid(), cast(:project_id as uuid), id from new_phases),
  new_dependencies as (
    insert into phase_dependencies (id, phase_id, depends_on_id)
      select gen_random_uuid(), cast(:phase_id as uuid), id from new_phases),
  new_apps as (
    insert into apps (id, app_key, name) select gen_random_uuid(), word, word from series returning id),
  new_roles as (
    insert into app_roles (id, app_id, role_key, label)
      select gen_random_uuid(), cast(:app_id as uuid), word, word from series returning id),
  new_assignments as (
    insert into role_assignments (id, user_id, app_role_id)
      select gen_random_uuid(), cast(:user_id as uuid), id from new_roles),
  new_sessions as (
    insert into sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at)
      select gen_random_uuid(), cast(:user_id as uuid), now(), now() - random() * interval '9 days', now(), now() + interval '60 days'
        from series returning id),
  new_events as (
    insert into audit_events (id, action, actor_id, subject_id, occurred_at)
      select gen_random_uuid(), 'role.assigned', cast(:user_id as uuid), cast(:user_id as uuid), now() - random() * interval '9 days'
        from series)
  select 'users' as name, id from new_users union all select 'languages', id from new_languages
   union all select 'organizations', id from new_organizations union all select 'projects', id from new_projects
   union all select 'phases', id from new_phases union all select 'apps', id from new_apps
   union all select 'app_roles', id from new_roles union all select 'sessions', id from new_sessions`;
