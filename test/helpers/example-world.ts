import { createHash, createPrivateKey, randomUUID } from 'node:crypto';
import { hashPassword } from '../../src/core/passwords.ts';
import type { Schema } from '../../src/core/schema.ts';
import { foldText } from '../../src/core/text.ts';
import { shownAnswer, shownBodies } from './contract-examples.ts';
import { startService, type TestService } from './service.ts';

/** The key of RFC 7515, appendix A.3: as public as a private key can be. */
const shownKey = createPrivateKey({
  format: 'jwk',
  key: {
    ...{ kty: 'EC', crv: 'P-256', d: 'jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI' },
    x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
    y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
  },
});

/** The moment in which the examples are true. */
const now = Date.parse('2025-07-18T11:00:00.000Z');
const later = '2025-07-25T11:00:00.000Z';

/** As SQL: what holds others back from being deleted comes after them. */
const emptied = ['projects', 'languages', 'organizations', 'phases', 'apps', 'users', 'mails', 'rate_limits'];

export type Who = 'admin' | 'facilitator';

export interface ExampleWorld extends TestService {
  /** The people of the examples, signed in. */
  readonly people: Readonly<Record<Who, Schema<'Tokens'>>>;
  /** Makes everything as the examples have it again, but for the audit, which is only ever added to. */
  restore(): Promise<void>;
}

/** A service with the keys, the clock and the web pages of the examples. */
export async function startShownService(databaseUrl?: string): Promise<TestService> {
  const service = await startService({
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    keys: { secret: undefined, privateKeys: [shownKey], signingAlgorithm: 'ES256' },
    corsOrigins: ['https://console.example.org'],
    clockStands: true,
  });
  service.passSeconds((now - service.context.clock().getTime()) / 1000);
  return service;
}

/** One of which all is true that the contract's lists show, and nothing else. */
export async function startExampleWorld(): Promise<ExampleWorld> {
  const service = await startShownService();
  const { database, tokens } = service.context;
  const rows = await shownRows();
  await database.raw(`${deletions()}; create schema shown`);
  for (const [table, items] of Object.entries(rows)) {
    const columns = Object.keys(await database(table).columnInfo());
    await database(table).insert(
      items.map((item) =>
        Object.fromEntries(Object.entries(item).filter(([name]) => columns.includes(name))),
      ),
    );
    await database.raw('create table shown.?? as table ??', [table, table]);
  }
  const insertions = Object.keys(rows)
    .filter((table) => table !== 'audit_events')
    .map((table) => `insert into ${table} select * from shown.${table}`);

  const signedIn = (session: Row) =>
    tokens.issue({ userId: String(session['user_id']), sessionId: String(session['id']), generation: 0 });
  const [facilitator = {}, , admin = {}] = rows.sessions;
  return {
    ...service,
    people: { facilitator: signedIn(facilitator), admin: signedIn(admin) },
    restore: async () => {
      await database.raw([deletions(), ...insertions].join('; '));
    },
  };
}

function deletions(): string {
  return emptied.map((table) => `delete from ${table}`).join('; ');
}

type Row = Readonly<Record<string, unknown>>;

/** What the contract's lists show, by the table that it comes from, with what they don't show. */
async function shownRows() {
  const users = shownAnswer('listUsers') as Schema<'ListedUser'>[];
  const [facilitator, admin] = users.map(({ id }) => id);
  const [oralBridge, storyLibrary] = (shownAnswer('listApps') as Schema<'App'>[]).map(({ id }) => id);
  const [{ password }] = shownBodies('logIn') as [Schema<'LogInRequest'>];
  const [{ token }] = shownBodies('resetPassword') as [Schema<'ResetPasswordRequest'>];
  const password_hash = await hashPassword(password);
  const session = { rotated_at: later, expires_at: later };
  const systemRole = (role_key: string) => ({
    ...{ id: randomUUID(), app_id: oralBridge, role_key, label: role_key, is_system: true },
  });
  const [facilitating, viewing] = [systemRole('facilitator'), systemRole('viewer')];
  const rowsOf = (id: Parameters<typeof shownAnswer>[0]) => shownAnswer(id) as Row[];
  const [project] = rowsOf('listProjects');
  return {
    users: users.map((user) => ({
      ...{ ...user, password_hash },
      search_text: `${user.email}\n${foldText(user.display_name ?? '')}`,
    })),
    sessions: [
      ...rowsOf('listSessions').map((shown) => ({ ...session, ...shown, user_id: facilitator })),
      { ...session, id: randomUUID(), user_id: admin, created_at: later, last_seen_at: later },
    ] as Row[],
    password_resets: [
      ...[{ id: randomUUID(), user_id: facilitator, token_hash: sha256(token), expires_at: later }],
    ],
    apps: rowsOf('listApps'),
    app_roles: [
      ...rowsOf('listAppRoles').map((role) => ({ ...role, app_id: storyLibrary })),
      ...[facilitating, viewing],
    ],
    role_assignments: rowsOf('listUserRoles').map((role) => ({
      ...{ ...role, id: randomUUID(), user_id: facilitator, app_role_id: facilitating.id },
    })),
    languages: rowsOf('listLanguages').map((row) => ({ ...row, search_name: foldText(String(row['name'])) })),
    organizations: rowsOf('listOrganizations'),
    organization_members: rowsOf('listOrganizationMembers'),
    projects: rowsOf('listProjects'),
    project_user_access: rowsOf('listProjectUserAccess'),
    project_organization_access: rowsOf('listProjectOrganizationAccess'),
    phases: rowsOf('listPhases'),
    phase_dependencies: rowsOf('listPhaseDependencies'),
    project_phases: rowsOf('listProjectPhases').map((row) => ({ ...row, project_id: project?.['id'] })),
    access_requests: rowsOf('listAccessRequests').map((row) => ({ ...row, app_id: oralBridge })),
    audit_events: rowsOf('listAuditEvents'),
  };
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
