import type { OperationId } from './contract.ts';
import type { Who } from './example-world.ts';

/** How an operation comes to answer what it shows. */
export interface Attempt {
  /** The first success that it declares, unless given. */
  readonly status?: number;
  /** A platform admin where a role is needed, and the facilitator where none is, unless given. */
  readonly as?: Who;
  /** What has to be otherwise than the examples have it afterwards, as SQL. */
  readonly before?: string;
  /** The same in vain before it, with this instead of what is shown, and a while after it. */
  readonly earlier?: {
    readonly times?: number;
    readonly body?: Readonly<Record<string, unknown>>;
    readonly seconds?: number;
  };
  /** A precondition that its example meets; others would not be. */
  readonly precondition?: 'If-Match' | 'If-None-Match';
}

/** Everything else answers what it shows where all is as the examples have it. */
export const attempts: Readonly<Partial<Record<OperationId, readonly Attempt[]>>> = {
  signUp: [{ before: `delete from users where not is_platform_admin` }],
  logIn: [{ earlier: { times: 2, body: { password: 'another password' }, seconds: 18 } }],
  listMyManagedOrganizations: [{ as: 'admin' }],
  createApp: [{ before: `delete from apps where app_key = 'story-library'` }],
  createAppRole: [{ before: `delete from app_roles where role_key = 'story-keeper'` }],
  createAccessRequest: [{ status: 201, before: 'delete from access_requests' }, { status: 200 }],
  reviewAccessRequest: [
    { before: `update access_requests set status = 'pending', reviewed_at = null, reviewed_by = null` },
  ],
  createLanguage: [{ before: 'delete from projects; delete from languages' }],
  deleteLanguage: [{ before: 'delete from projects' }],
  createOrganization: [{ before: 'delete from organizations' }],
  addOrganizationMember: [{ before: 'delete from organization_members' }],
  createProject: [{ as: 'admin' }],
  getProject: [{}, { status: 304, precondition: 'If-None-Match' }],
  updateProject: [{ precondition: 'If-Match' }],
  grantProjectUserAccess: [
    { status: 201, before: `delete from project_user_access where granted_at > '2025-07-18T08:40Z'` },
    { status: 200 },
  ],
  grantProjectOrganizationAccess: [
    { status: 201, before: 'delete from project_organization_access' },
    { status: 200 },
  ],
  attachProjectPhase: [{ before: `delete from project_phases where status = 'not_started'` }],
  addPhaseDependency: [{ before: 'delete from phase_dependencies' }],
};
