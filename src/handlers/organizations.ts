import type { Handlers } from '../http/handler.ts';
import { addOrganizationMember } from '../services/organizations/addOrganizationMember.ts';
import { createOrganization } from '../services/organizations/createOrganization.ts';
import { deleteOrganization } from '../services/organizations/deleteOrganization.ts';
import { getOrganization } from '../services/organizations/getOrganization.ts';
import { getOrganizationStatistics } from '../services/organizations/getOrganizationStatistics.ts';
import { listOrganizationMembers } from '../services/organizations/listOrganizationMembers.ts';
import { listOrganizations } from '../services/organizations/listOrganizations.ts';
import { removeOrganizationMember } from '../services/organizations/removeOrganizationMember.ts';
import { updateOrganization } from '../services/organizations/updateOrganization.ts';
import { updateOrganizationMember } from '../services/organizations/updateOrganizationMember.ts';

export const organizations = {
  listOrganizations: async ({ context, query, link }, reply) => {
    const { items, next } = await listOrganizations(context, query);
    return reply(200, items, link(next));
  },

  createOrganization: async ({ context, body }, reply) => {
    const organization = await createOrganization(context, body);
    return reply(201, organization, { Location: `/api/organizations/${organization.id}` });
  },

  getOrganization: async ({ context, path }, reply) =>
    reply(200, await getOrganization(context, { id: path.organization_id })),

  getOrganizationBySlug: async ({ context, path }, reply) =>
    reply(200, await getOrganization(context, { slug: path.slug.toLowerCase() })),

  updateOrganization: async ({ context, caller, path, body }, reply) =>
    reply(200, await updateOrganization(context, caller.user, path.organization_id, body)),

  deleteOrganization: async ({ context, path }, reply) => {
    await deleteOrganization(context, path.organization_id);
    return reply(204);
  },

  listOrganizationMembers: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listOrganizationMembers(context, path.organization_id, query);
    return reply(200, items, link(next));
  },

  addOrganizationMember: async ({ context, path, body }, reply) =>
    reply(201, await addOrganizationMember(context, path.organization_id, body)),

  updateOrganizationMember: async ({ context, path, body }, reply) =>
    reply(200, await updateOrganizationMember(context, path, body)),

  removeOrganizationMember: async ({ context, path }, reply) => {
    await removeOrganizationMember(context, path);
    return reply(204);
  },

  getOrganizationStatistics: async ({ context, path }, reply) =>
    reply(200, await getOrganizationStatistics(context, path.organization_id)),
} satisfies Partial<Handlers>;
