import type { Handlers } from '../http/handler.ts';
import { addOrganizationMember } from '../services/organizations/addOrganizationMember.ts';
import { createOrganization } from '../services/organizations/createOrganization.ts';
import { getOrganization } from '../services/organizations/getOrganization.ts';
import { listOrganizations } from '../services/organizations/listOrganizations.ts';

export const organizations = {
  listOrganizations: async ({ context }, reply) => reply(200, await listOrganizations(context)),

  createOrganization: async ({ context, body }, reply) => {
    const organization = await createOrganization(context, body);
    return reply(201, organization, { Location: `/api/organizations/${organization.id}` });
  },

  getOrganization: async ({ context, path }, reply) =>
    reply(200, await getOrganization(context, { id: path.organization_id })),

  getOrganizationBySlug: async ({ context, path }, reply) =>
    reply(200, await getOrganization(context, { slug: path.slug.toLowerCase() })),

  addOrganizationMember: async ({ context, path, body }, reply) =>
    reply(201, await addOrganizationMember(context, path.organization_id, body)),
} satisfies Partial<Handlers>;
