import pg from 'pg';
import { systemClock } from '../../src/core/clock.ts';
import { newId } from '../../src/core/ids.ts';
import { orderKeys } from '../../src/core/signing-keys.ts';
import { createTokens } from '../../src/core/tokens.ts';
import type { Person, World } from './operation.ts';

/** Fills a migrated database; the tokens are good for longer than a run takes. */
export async function createWorld(databaseUrl: string, secret: string, connections: number): Promise<World> {
  const client = new pg.Client(databaseUrl);
  await client.connect();
  const tokens = createTokens({
    keys: orderKeys({ secret, privateKeys: [], signingAlgorithm: 'HS256' }),
    clock: systemClock,
    accessTokenMinutes: 600,
    refreshTokenMinutes: 600,
  });

  async function addPerson(email: string, name: string, isAdmin: boolean): Promise<Person> {
    const id = newId();
    await client.query(
      `insert into users (id, email, display_name, search_text, password_hash, is_platform_admin)
         values ($1, $2, $3, lower($2 || chr(10) || $3), '', $4)`,
      [id, email, name, isAdmin],
    );
    const { rows } = await client.query<{ id: string }>(
      `insert into sessions (id, user_id, rotated_at, created_at, last_seen_at, expires_at)
         select gen_random_uuid(), $1, now(), now(), now(), now() + interval '10 hours' from generate_series(1, $2::integer)
         returning id`,
      [id, connections],
    );
    return {
      id,
      tokens: rows.map((row) => tokens.issue({ userId: id, sessionId: row.id, generation: 0 })),
    };
  }

  try {
    const member = await addPerson('member@example.org', 'Márta Nagy', false);
    const admin = await addPerson('admin@example.org', 'First Admin', true);
    await client.query(fill.replaceAll(':member', `'${member.id}'`));
    await client.query('vacuum analyze');
    const { rows } = await client.query<{ project_id: string }>(
      'select project_id from project_user_access where user_id = $1 limit 1',
      [member.id],
    );
    return { member, admin, projectId: rows[0]?.project_id ?? '' };
  } finally {
    await client.end();
  }
}

/**
 * 200 languages, 200 organizations, 2,000 people and 10,000 projects, of which the member has 20 of their own, 60 by two
 * organizations that they belong to, and 30 by one that they manage; some by two of these ways.
 */
const fill = `
  insert into languages (id, name, search_name, code)
    select gen_random_uuid(), 'Language ' || n, 'language ' || n, 'q' || chr(97 + n / 26) || chr(97 + n % 26)
      from generate_series(0, 199) n;
  insert into organizations (id, name, slug)
    select gen_random_uuid(), 'Organization ' || n, 'organization-' || n from generate_series(1, 200) n;
  insert into users (id, email, display_name, search_text, password_hash)
    select gen_random_uuid(), 'person-' || n || '@example.org', 'Person ' || n, 'person-' || n, ''
      from generate_series(1, 2000) n;
  insert into projects (id, name, description, language_id, latitude, longitude, location_display_name)
    select gen_random_uuid(), 'Stories ' || md5(n::text), 'Oral stories, recorded and retold.', l.id,
           -4.0435 + n / 1000.0, 39.6682, 'Mombasa, Kenya'
      from generate_series(1, 10000) n join languages l on l.name = 'Language ' || n % 200;

  create temporary table numbered_projects as select id, row_number() over (order by name) n from projects;
  create temporary table numbered_users as select id, row_number() over (order by email) n from users
   where email like 'person-%';
  insert into project_user_access (id, project_id, user_id, role)
    select gen_random_uuid(), p.id, u.id, 'member' from numbered_projects p join numbered_users u on u.n = p.n % 2000 + 1;
  insert into project_user_access (id, project_id, user_id, role)
    select gen_random_uuid(), id, :member, 'manager' from numbered_projects where n % 500 = 0;
  insert into project_organization_access (id, project_id, organization_id)
    select gen_random_uuid(), p.id, o.id from numbered_projects p join organizations o on o.name = 'Organization ' || p.n % 200 + 1
     where p.n <= 6000;
  insert into project_organization_access (id, project_id, organization_id)
    select gen_random_uuid(), p.id, o.id from numbered_projects p join organizations o on o.name = 'Organization 1'
     where p.n % 1000 = 1;
  insert into organization_members (id, organization_id, user_id, role)
    select gen_random_uuid(), o.id, u.id, 'member' from numbered_users u join organizations o on o.name = 'Organization ' || u.n % 200 + 1;
  insert into organization_members (id, organization_id, user_id, role)
    select gen_random_uuid(), id, :member, 'member' from organizations where name in ('Organization 1', 'Organization 2');
  update organizations set manager_id = :member where name = 'Organization 3';

  insert into role_assignments (id, user_id, app_role_id)
    select gen_random_uuid(), u.id, r.id from numbered_users u join app_roles r on r.role_key in ('viewer', 'annotator')
      join apps a on a.id = r.app_id and a.app_key in ('oral-bridge', 'avita');
  insert into role_assignments (id, user_id, app_role_id)
    select gen_random_uuid(), :member, r.id from app_roles r join apps a on a.id = r.app_id
     where (a.app_key, r.role_key) in
           (('oral-bridge', 'facilitator'), ('oral-bridge', 'viewer'), ('avita', 'viewer'), ('tripod-studio', 'annotator'));`;
