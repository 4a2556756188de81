import { addApp } from './apps.ts';
import { createOrganization } from './organizations.ts';
import type { Person } from './people.ts';
import { get, type Arrange } from './revocations.ts';
import type { TestService } from './service.ts';
import { createWork } from './work.ts';

/** All ways in which somebody who stays signed in loses what they may do. */
export async function revokedRoles(service: TestService, as: Person): Promise<Record<string, Arrange>> {
  const { app_key } = await addApp(service, as);
  const { id: organization_id } = await createOrganization(service);
  const work = await createWork(service);
  const [own, shared] = [await work.addProject(as), await work.addProject(as)];
  const sharing = { as, path: { project_id: shared.id }, body: { organization_id } };
  await service.call('grantProjectOrganizationAccess', 201, sharing);

  return {
    'app role revoked': async (person, on) => {
      const request = { as, body: { target_user_id: person.id, app_key, role_key: 'viewer' } };
      await on.call('assignRole', 200, request);
      return {
        uses: [get(`/api/roles/check?user_id=${as.id}&app_key=${app_key}&role_key=viewer`, person)],
        refused: 403,
        revoke: (on) => on.call('revokeRole', 200, request),
      };
    },

    'app admin revoked': async (person, on) => {
      const request = { as, body: { target_user_id: person.id, app_key, role_key: 'admin' } };
      await on.call('assignRole', 200, request);
      const body = JSON.stringify({ target_user_id: as.id, app_key, role_key: 'reviewer' });
      return {
        uses: [{ method: 'POST', path: '/api/roles/assign', as: person, body }],
        refused: 403,
        revoke: (on) => on.call('revokeRole', 200, request),
      };
    },

    'organization membership removed': async (person, on) => {
      const body = { user_id: person.id, role: 'member' } as const;
      await on.call('addOrganizationMember', 201, { as, path: { organization_id }, body });
      const path = { organization_id, user_id: person.id };
      return {
        uses: [
          get(`/api/organizations/${organization_id}/members?limit=1`, person),
          get(`/api/projects/${shared.id}`, person),
        ],
        refused: 403,
        revoke: (on) => on.call('removeOrganizationMember', 204, { as, path }),
      };
    },

    'organization manager made a member': async (person, on) => {
      const body = { user_id: person.id, role: 'manager' } as const;
      await on.call('addOrganizationMember', 201, { as, path: { organization_id }, body });
      const path = { organization_id, user_id: person.id };
      return {
        uses: [
          get(`/api/organizations/${organization_id}/stats`, person),
          get(`/api/projects/${shared.id}/access/explain?user_id=${as.id}`, person),
        ],
        refused: 403,
        revoke: (on) => on.call('updateOrganizationMember', 200, { as, path, body: { role: 'member' } }),
      };
    },

    'project access revoked': async (person, on) => {
      const body = { user_id: person.id, role: 'member' } as const;
      await on.call('grantProjectUserAccess', 201, { as, path: { project_id: own.id }, body });
      const path = { project_id: own.id, user_id: person.id };
      return {
        uses: [get(`/api/projects/${own.id}`, person)],
        refused: 403,
        revoke: (on) => on.call('revokeProjectUserAccess', 204, { as, path }),
      };
    },

    'admin demoted': async (person, on) => {
      const path = { user_id: person.id };
      await on.call('updateUser', 200, { as, path, body: { is_platform_admin: true } });
      return {
        uses: [get('/api/apps', person)],
        refused: 403,
        revoke: (on) => on.call('updateUser', 200, { as, path, body: { is_platform_admin: false } }),
      };
    },
  };
}
