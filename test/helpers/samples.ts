import { randomUUID } from 'node:crypto';
import { startSession } from '../../src/services/auth/start-session.ts';
import { pathOf, type RawRequest, type Signed } from './client.ts';
import { resolved, type Operation, type Parameter } from './contract.ts';
import { platformAdmin } from './people.ts';
import type { TestService } from './service.ts';

export type Ids = Readonly<Record<string, string>>;

/** One of everything, all connected, so that whatever a path names is there. */
export interface Sample {
  /** By the names that parameters have for them. */
  readonly ids: Ids;
  /** The user among them, signed in. */
  readonly user: Signed;
}

/** Makes requests for any operation that succeed the first time; inputs are filled in by their names. */
export async function createSamples(service: TestService) {
  return samplesFor(service, await platformAdmin(service));
}

/** The same for a platform admin who is there. */
export function samplesFor<Admin extends Signed & { readonly id: string }>(
  service: TestService,
  admin: Admin,
) {
  async function addSample(): Promise<Sample> {
    const { rows } = await service.context.database.transaction(async (database) => {
      // Two at once would take the same free code.
      await database.raw('lock table languages in share row exclusive mode');
      return database.raw<{ rows: Record<string, string>[] }>(oneOfEach, { admin: admin.id });
    });
    const ids = rows[0] as Ids;
    return { ids, user: await startSession(service.context, ids['user_id'] ?? '') };
  }

  /** Operations about one's own account are called by the user of the sample, all others by an admin. */
  function request(operation: Operation, { ids, user }: Sample, query: Ids = {}): RawRequest {
    const { method, path, role, parameters } = operation;
    const own = path.startsWith('/api/auth/') ? user : admin;
    return {
      method,
      path: pathOf(operation, {
        path: valuesOf(operation, 'path', ids),
        query: { ...valuesOf(operation, 'query', filters(ids), neededIn(parameters)), ...query },
      }),
      as: role === 'public' ? undefined : own,
      body: bodyOf(operation, ids),
    };
  }

  return {
    admin,
    addSample,
    request,
    /** About things that no other request is about. */
    freshRequest: async (operation: Operation) => request(operation, await addSample()),
  };
}

/** A value for each parameter that a list can be filtered by. */
export function filtersOf(operation: Operation, ids: Ids): Ids {
  return valuesOf(operation, 'query', filters(ids), ({ name }) => name !== 'limit' && name !== 'cursor');
}

function filters(ids: Ids): Ids {
  return {
    ...ids,
    ...{ language_id: ids['spoken_language_id'] ?? '', q: 'a', status: 'pending' },
    ...{ actor_id: ids['user_id'] ?? '', subject_id: ids['user_id'] ?? '' },
    ...{ action: 'role.assigned', since: '2020-01-01T00:00:00.000Z' },
  };
}

/** A search without a text would find nothing. */
function neededIn(parameters: readonly Parameter[]): (parameter: Parameter) => boolean {
  const isPaged = parameters.some(({ name }) => name === 'limit');
  return ({ name, required = false }) => required || (name === 'q' && !isPaged);
}

function valuesOf(
  { id, parameters }: Operation,
  where: Parameter['in'],
  values: Ids,
  wanted: (parameter: Parameter) => boolean = () => true,
): Record<string, string> {
  const named = parameters.filter((parameter) => parameter.in === where && wanted(parameter));
  return Object.fromEntries(
    named.map(({ name }) => {
      const value = values[name];
      if (value === undefined) throw new Error(`test/helpers/samples.ts has no ${name}, which ${id} takes`);
      return [name, value];
    }),
  );
}

/** The contract's example, about the sample and with whatever has to be new. */
function bodyOf({ id, bodySchema }: Operation, ids: Ids): string | undefined {
  if (!bodySchema) return undefined;
  const fresh = `new-${randomUUID()}`;
  const values: Ids = {
    ...ids,
    ...{ target_user_id: ids['other_user_id'] ?? '', user_id: ids['other_user_id'] ?? '' },
    ...{ manager_id: ids['other_user_id'] ?? '', organization_id: ids['other_organization_id'] ?? '' },
    ...{ phase_id: ids['other_phase_id'] ?? '', depends_on_id: ids['other_phase_id'] ?? '' },
    ...{ language_id: ids['spoken_language_id'] ?? '', default_role_key: ids['role_key'] ?? '' },
    ...{ slug: fresh, code: ids['unused_code'] ?? '' },
    ...(id === 'createApp' ? { app_key: fresh } : {}),
    ...(id === 'createAppRole' ? { role_key: fresh } : {}),
  };
  const example = (resolved(bodySchema).examples?.[0] ?? {}) as Record<string, unknown>;
  return JSON.stringify({
    ...example,
    ...Object.fromEntries(
      Object.keys(example).flatMap((name) => (values[name] ? [[name, values[name]]] : [])),
    ),
  });
}

/** As tables: the codes of languages are made of them, those from `qaa` to `qtz` are for private use. */
export const letters = `letters (letter) as (select chr(n) from generate_series(ascii('a'), ascii('z')) n),
  letters_to_p (letter) as (select chr(n) from generate_series(ascii('a'), ascii('p')) n)`;

/** Straight to the tables, so that what is walked does not depend on the operations that it walks. */
const oneOfEach = `
  with ${letters},
  people as (
    insert into users (id, email, search_text, password_hash)
      select id, id || '@example.org', id || '@example.org', '' from (
        select gen_random_uuid() id from generate_series(1, 2)) new returning id),
  person as (select min(cast(id as text)) one, max(cast(id as text)) other from people),
  code as (
    select code from (select a.letter || b.letter || c.letter code from letters_to_p a, letters b, letters c except select code from languages) free
     order by random() limit 2),
  unused_code as (
    select code from (select 'q' || a.letter || b.letter code from letters_to_p a, letters b except select code from languages) free
     order by random() limit 1),
  language as (
    insert into languages (id, name, search_name, code)
      select gen_random_uuid(), 'Language ' || code, 'language ' || code, code from code returning id, code),
  unused as (select * from language order by code limit 1),
  spoken as (select * from language order by code desc limit 1),
  organization as (
    insert into organizations (id, name, slug)
      select id, 'Organization ' || id, 'organization-' || id from (
        select gen_random_uuid() id from generate_series(1, 2)) new returning id, slug),
  one_organization as (select * from organization order by id limit 1),
  project as (
    insert into projects (id, name, language_id) select gen_random_uuid(), 'Project', id from spoken returning id),
  phase as (
    insert into phases (id, name) select id, 'Phase ' || id from (
      select gen_random_uuid() id from generate_series(1, 3)) new returning id),
  numbered as (select id, row_number() over (order by id) n from phase),
  app as (
    insert into apps (id, app_key, name, default_role_key)
      select id, 'app-' || id, 'App', 'viewer' from (select gen_random_uuid() id) new returning id, app_key),
  role as (
    insert into app_roles (id, app_id, role_key, label)
      select gen_random_uuid(), app.id, key, key from app, unnest(array['viewer', 'keeper']) key returning id, role_key),
  member as (
    insert into organization_members (id, organization_id, user_id, role)
      select gen_random_uuid(), o.id, cast(person.one as uuid), 'member' from one_organization o, person),
  direct as (
    insert into project_user_access (id, project_id, user_id, role)
      select gen_random_uuid(), project.id, cast(holder.id as uuid), holder.role from project, person,
        lateral (values (person.one, 'member'), (cast(:admin as text), 'manager')) holder (id, role)),
  through as (
    insert into project_organization_access (id, project_id, organization_id)
      select gen_random_uuid(), project.id, o.id from project, one_organization o),
  attached as (
    insert into project_phases (id, project_id, phase_id)
      select gen_random_uuid(), project.id, numbered.id from project, numbered where n < 3),
  waiting as (
    insert into phase_dependencies (id, phase_id, depends_on_id)
      select gen_random_uuid(), one.id, two.id from numbered one, numbered two where one.n = 1 and two.n = 2),
  request as (
    insert into access_requests (id, user_id, app_id)
      select gen_random_uuid(), cast(person.one as uuid), app.id from person, app returning id),
  session as (
    insert into sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at)
      select gen_random_uuid(), cast(person.one as uuid), now(), now(), now(), now() + interval '60 days' from person returning id)
  select person.one user_id, person.other other_user_id, unused.id language_id, unused.code, spoken.id spoken_language_id,
         unused_code.code unused_code, o.id organization_id, o.slug, other.id other_organization_id, project.id project_id,
         one.id phase_id, two.id depends_on_id, three.id other_phase_id, app.id app_id, app.app_key, role.id role_id,
         role.role_key, request.id request_id, session.id session_id
    from person, unused, spoken, unused_code, one_organization o, organization other, project, numbered one, numbered two,
         numbered three, app, role, request, session
   where other.id <> o.id and one.n = 1 and two.n = 2 and three.n = 3 and role.role_key = 'keeper'`;
