import { platformAdmin, signUp, type Person } from './people.ts';
import type { TestService } from './service.ts';

/** One kind of caller, with the roles that they hold by the rules, spelled as the contract spells them. */
export interface Caller {
  readonly name: string;
  /** Nobody is signed in without one. */
  readonly id: string | undefined;
  readonly roles: readonly string[];
}

type Role = 'member' | 'manager';

export const rightApp = 'tripod-studio';
const apps = [rightApp, 'avita'];
const appRoles = ['admin', 'facilitator', 'reviewer', 'annotator', 'viewer'];

/**
 * Two of everything that a role can be held in, so that a role in the one shows nothing in the other; and a partner
 * organization through which its members come to the right project.
 */
export async function createWorld(service: TestService) {
  const admin = await platformAdmin(service);
  const callers: Caller[] = [
    { name: 'anonymous', id: undefined, roles: [] },
    { name: 'platform admin', id: admin.id, roles: ['platform:admin'] },
  ];

  async function enlist(name: string, roles: readonly string[], person?: Person): Promise<string> {
    const { id } = person ?? (await signUp(service));
    callers.push({ name, id, roles: [...roles, `user:${id}`] });
    return id;
  }

  async function askForAccess(): Promise<string> {
    const person = await signUp(service);
    const { body } = await service.call('createAccessRequest', 201, {
      as: person,
      body: { app_key: rightApp },
    });
    return body.id;
  }

  /** @param requestId a request for access to the app */
  async function enlistInApp(app_key: string, requestId?: string): Promise<void> {
    for (const role_key of appRoles) {
      const target_user_id = await enlist(`${role_key} of ${app_key}`, [
        `app:${app_key}:${role_key}`,
        ...(requestId ? [`access_request:${requestId}:${role_key}`] : []),
      ]);
      await service.call('assignRole', 200, { as: admin, body: { target_user_id, app_key, role_key } });
    }
  }

  async function enlistInProject(name: string, language_id: string): Promise<string> {
    const { body: project } = await service.call('createProject', 201, {
      as: admin,
      body: { name, language_id },
    });
    for (const role of ['member', 'manager'] as const) {
      const user_id = await enlist(`${role} of the ${name} project`, rolesIn('project', project.id, role));
      const path = { project_id: project.id };
      await service.call('grantProjectUserAccess', 201, { as: admin, path, body: { user_id, role } });
    }
    return project.id;
  }

  /** @param projectId a project that the organization has access to */
  async function enlistInOrganization(name: string, projectId?: string): Promise<string> {
    const named = await signUp(service);
    const body = { name, slug: name, manager_id: named.id };
    const { body: organization } = await service.call('createOrganization', 201, { as: admin, body });
    const path = { organization_id: organization.id };
    const roles = (role: Role) => [
      ...rolesIn('organization', organization.id, role),
      ...(projectId ? rolesIn('project', projectId, role) : []),
    ];
    await enlist(`named manager of the ${name} organization`, roles('manager'), named);
    for (const role of ['member', 'manager'] as const) {
      const user_id = await enlist(`${role} of the ${name} organization`, roles(role));
      await service.call('addOrganizationMember', 201, { as: admin, path, body: { user_id, role } });
    }
    return organization.id;
  }

  const self = await enlist('the user that is asked about', []);
  await enlist('plain', []);
  const request_id = await askForAccess();
  for (const app of apps) await enlistInApp(app, app === rightApp ? request_id : undefined);

  const swahili = { name: 'Swahili', code: 'swh' };
  const { body: language } = await service.call('createLanguage', 201, { as: admin, body: swahili });
  const project_id = await enlistInProject('right', language.id);
  await enlistInProject('other', language.id);

  const organization_id = await enlistInOrganization('right');
  await enlistInOrganization('other');
  const partner = await enlistInOrganization('partner', project_id);
  const access = { as: admin, path: { project_id }, body: { organization_id: partner } };
  await service.call('grantProjectOrganizationAccess', 201, access);

  const named: Readonly<Record<string, string>> = {
    user_id: self,
    app_key: rightApp,
    request_id,
    organization_id,
    project_id,
  };
  return { callers, named };
}

function rolesIn(scope: string, id: string, role: Role): string[] {
  return role === 'manager' ? [`${scope}:${id}:manager`, `${scope}:${id}:member`] : [`${scope}:${id}:member`];
}
