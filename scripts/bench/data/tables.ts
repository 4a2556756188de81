import { iso6393 } from 'iso-639-3';
import { foldText } from '../../../src/core/text.ts';
import { makeName } from './names.ts';
import type { Size } from './options.ts';
import { below, createRandom, mostlyLow, shareOut, type Random } from './random.ts';
import { idMaker, numbered, paired, type Rows, type Table } from './table.ts';

/** What migrations have made, which the rows lead to. */
export interface Present {
  readonly apps: readonly { readonly id: string }[];
  readonly roles: readonly { readonly id: string }[];
  /** All times lie before it. */
  readonly now: Date;
}

const ids = {
  user: idMaker(1),
  language: idMaker(2),
  organization: idMaker(3),
  project: idMaker(4),
  phase: idMaker(5),
};

const idsByKind: Readonly<Partial<Record<string, (number: number) => string>>> = ids;

const phaseCount = 60;
const years = 2;

/**
 * All tables that grow, those first that others lead to. Most users have a few of everything; some organizations, languages,
 * projects and apps have very much of it.
 */
export function tablesOf({ users, projects, grants }: Size, seed: number, present: Present): Table[] {
  const organizations = Math.max(5, Math.ceil(projects / 50));
  const languages = Math.min(iso6393.length, Math.max(20, Math.ceil(projects / 20)));
  const [roleGrants, organizationGrants] = [Math.floor(grants * 0.4), Math.floor(grants * 0.1)];
  const userGrants = grants - roleGrants - organizationGrants;
  const span = years * 365 * 24 * 3600 * 1000;
  let tables = 0;

  /** Each table has random numbers of its own, so that a change of one leaves the others as they are. */
  function table(
    name: string,
    columns: string,
    rows: (random: Random, idOf: (number: number) => string) => Rows,
  ): Table {
    tables += 1;
    const idOf = idsByKind[name.slice(0, -1)] ?? idMaker(100 + tables);
    return { name, columns: columns.split(' '), ...rows(createRandom(seed * 1_000 + tables), idOf) };
  }

  /** Moments from the beginning to now, ascending with the share. */
  const at = (share: number) => new Date(present.now.getTime() - span * (1 - share)).toISOString();
  const anyUser = (random: Random) => ids.user(below(random, users));

  return [
    table(
      'users',
      'id email password_hash display_name search_text is_active created_at updated_at',
      (random, idOf) =>
        numbered(users, idOf, (n, id) => {
          const [first, last] = [makeName(random, 2), makeName(random, 3)];
          const email =
            `${first}.${last}${n}@${domains[mostlyLow(random, domains.length)] ?? ''}`.toLowerCase();
          const name = `${first} ${last}`;
          const created = at(n / users);
          return [id, email, '', name, `${email}\n${foldText(name)}`, n % 50 !== 49, created, created];
        }),
    ),
    table(
      'sessions',
      'id user_id generation rotated_at created_at last_seen_at expires_at ended_at end_reason',
      (random, idOf) =>
        numbered(Math.floor(users * 1.5), idOf, (n, id) => {
          const [created, isEnded] = [at(n / users / 1.5), n % 3 === 0];
          const live = at(1 + random() * 0.009);
          return [
            ...[id, anyUser(random), below(random, 50), created, created, created, isEnded ? created : live],
            ...(isEnded ? [created, 'signed_out'] : [null, null]),
          ];
        }),
    ),
    table('role_assignments', 'id user_id app_role_id granted_at revoked_at', (random, idOf) =>
      numbered(roleGrants, idOf, (n, id) => {
        const user = n % users;
        // The same for each turn of a user: no role comes twice.
        const first = mostlyLow(createRandom(seed + user), present.roles.length);
        const role = present.roles[(first + Math.floor(n / users)) % present.roles.length];
        return [id, ids.user(user), role?.id ?? null, at(n / roleGrants), random() < 0.1 ? at(1) : null];
      }),
    ),
    table('languages', 'id name search_name code', (_, idOf) =>
      numbered(languages, idOf, (n, id) => {
        const { name = '', iso6393: code = '' } = iso6393[n] ?? {};
        return [id, name, foldText(name), code];
      }),
    ),
    table('organizations', 'id name slug manager_id', (random, idOf) =>
      numbered(organizations, idOf, (n, id) => [
        id,
        `${makeName(random, 3)} ${n}`,
        `organization-${n}`,
        anyUser(random),
      ]),
    ),
    table('organization_members', 'id organization_id user_id role', (random, idOf) => {
      const shares = shareOut(Math.floor(users * 1.2), organizations, 0.9, Math.floor(users / 4));
      return paired(random, { shares, others: users }, (organization, user, n) => [
        ...[idOf(n), ids.organization(organization), ids.user(user), n % 20 === 0 ? 'manager' : 'member'],
      ]);
    }),
    table('projects', 'id name description language_id latitude longitude created_at', (random, idOf) =>
      numbered(projects, idOf, (n, id) => [
        ...[id, `${makeName(random, 3)} ${makeName(random, 2)}`, 'Oral stories, recorded and retold.'],
        ...[
          ids.language(mostlyLow(random, languages)),
          random() * 180 - 90,
          random() * 360 - 180,
          at(n / projects),
        ],
      ]),
    ),
    table('project_user_access', 'id project_id user_id role granted_at', (random, idOf) => {
      const shares = shareOut(userGrants, projects, 0.7, users);
      return paired(random, { shares, others: users }, (project, user, n) => [
        ...[idOf(n), ids.project(project), ids.user(user), n % 10 === 0 ? 'manager' : 'member', at(random())],
      ]);
    }),
    table('project_organization_access', 'id project_id organization_id', (random, idOf) => {
      const shares = shareOut(organizationGrants, organizations, 1, Math.floor(projects * 0.6));
      return paired(random, { shares, others: projects }, (organization, project, n) => [
        ...[idOf(n), ids.project(project), ids.organization(organization)],
      ]);
    }),
    table('phases', 'id name', (random, idOf) =>
      numbered(phaseCount, idOf, (n, id) => [id, `${makeName(random, 3)} ${n}`]),
    ),
    table('phase_dependencies', 'id phase_id depends_on_id', (_, idOf) =>
      numbered(phaseCount - 1, idOf, (n, id) => [id, ids.phase(n + 1), ids.phase(n)]),
    ),
    table('project_phases', 'id project_id phase_id status', (random, idOf) => {
      const shares = Array.from({ length: projects }, (_, n) => 1 + (n % 8));
      return paired(random, { shares, others: phaseCount }, (project, phase, n) => [
        ...[idOf(n), ids.project(project), ids.phase(phase), statuses[below(random, statuses.length)] ?? ''],
      ]);
    }),
    table('access_requests', 'id user_id app_id status requested_at reviewed_at', (random, idOf) =>
      numbered(Math.floor(users * 0.3), idOf, (n, id) => {
        const app = present.apps[mostlyLow(random, present.apps.length)];
        const [requested, chance] = [at(n / users / 0.3), random()];
        const status = chance < 0.05 ? 'pending' : chance < 0.2 ? 'rejected' : 'approved';
        // Each user once: only one request for an app may be open.
        return [
          id,
          ids.user(n * 3),
          app?.id ?? null,
          status,
          requested,
          status === 'pending' ? null : requested,
        ];
      }),
    ),
    table('audit_events', 'id action actor_id subject_id occurred_at', (random, idOf) =>
      numbered(users * 2, idOf, (n, id) => {
        const actor = anyUser(random);
        const action = actions[mostlyLow(random, actions.length)] ?? '';
        return [id, action, actor, random() < 0.7 ? actor : anyUser(random), at(n / users / 2)];
      }),
    ),
    table('known_devices', 'fingerprint user_id last_used_at', (random) =>
      numbered(Math.floor(users / 2), hash, (n, id) => [id, ids.user(n * 2), at(0.95 + random() / 20)]),
    ),
    table('idempotency_keys', 'user_id operation_id key request_hash answer created_at', (random) =>
      numbered(Math.floor(users / 20), String, (_, key) => [
        ...[anyUser(random), 'createProject', key, key, '{}', at(0.9995 + random() / 2_000)],
      ]),
    ),
    table('rate_limits', 'key quota seconds taken expires_at', (random) =>
      numbered(Math.floor(users / 20), hash, (_, key) => [
        key,
        10,
        60,
        `{${at(1)}}`,
        at(1 + random() / 1_000),
      ]),
    ),
    table('password_resets', 'id user_id token_hash expires_at', (random, idOf) =>
      numbered(Math.floor(users / 100), idOf, (n, id) => [
        id,
        ids.user(n * 100),
        hash(n),
        at(1 + random() / 10_000),
      ]),
    ),
    table('mails', 'id kind email requested_at next_attempt_at', (random, idOf) =>
      numbered(Math.floor(users / 1_000), idOf, (n, id) => [
        ...[id, 'password_reset', `person-${n}@example.org`, at(1), at(1 + random() / 10_000)],
      ]),
    ),
  ];
}

const domains = [
  'example.org',
  'example.com',
  'example.net',
  'mail.example',
  'team.example',
  'field.example',
];
const statuses = ['not_started', 'in_progress', 'completed', 'blocked'];
const actions = [
  ...['user.logged_in', 'user.login_failed', 'user.signed_up', 'role.assigned', 'project_access.granted'],
  ...[
    'project.created',
    'organization_member.added',
    'access_request.created',
    'role.revoked',
    'user.updated',
  ],
];

/** As long as a SHA-256, as COPY takes bytes. */
function hash(number: number): string {
  const first = (Math.imul(number + 1, 0x9e3779b1) >>> 0).toString(16).padStart(8, '0');
  return `\\x${first}${number.toString(16).padStart(56, '0')}`;
}
