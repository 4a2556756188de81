import type { Handlers } from '../http/handler.ts';
import { attachProjectPhase } from '../services/projects/attachProjectPhase.ts';
import { createProject } from '../services/projects/createProject.ts';
import { deleteProject } from '../services/projects/deleteProject.ts';
import { detachProjectPhase } from '../services/projects/detachProjectPhase.ts';
import { explainProjectAccess } from '../services/projects/explainProjectAccess.ts';
import { getProject } from '../services/projects/getProject.ts';
import { grantProjectOrganizationAccess } from '../services/projects/grantProjectOrganizationAccess.ts';
import { grantProjectUserAccess } from '../services/projects/grantProjectUserAccess.ts';
import { listProjectOrganizationAccess } from '../services/projects/listProjectOrganizationAccess.ts';
import { listProjectPhases } from '../services/projects/listProjectPhases.ts';
import { listProjectPhasesWithDependencies } from '../services/projects/listProjectPhasesWithDependencies.ts';
import { listProjectUserAccess } from '../services/projects/listProjectUserAccess.ts';
import { listProjects } from '../services/projects/listProjects.ts';
import { revokeProjectOrganizationAccess } from '../services/projects/revokeProjectOrganizationAccess.ts';
import { revokeProjectUserAccess } from '../services/projects/revokeProjectUserAccess.ts';
import { updateProject } from '../services/projects/updateProject.ts';
import { updateProjectLocation } from '../services/projects/updateProjectLocation.ts';
import { updateProjectPhase } from '../services/projects/updateProjectPhase.ts';
import { updateProjectUserAccess } from '../services/projects/updateProjectUserAccess.ts';

export const projects = {
  listProjects: async ({ context, caller, query, link }, reply) => {
    const { items, next } = await listProjects(context, caller.user, query);
    return reply(200, items, link(next));
  },

  createProject: async ({ context, caller, body }, reply) => {
    const project = await createProject(context, caller.user, body);
    return reply(201, project, { Location: `/api/projects/${project.id}` });
  },

  getProject: async ({ context, path }, reply) => reply(200, await getProject(context, path.project_id)),

  updateProject: async ({ context, path, body }, reply) =>
    reply(200, await updateProject(context, path.project_id, body)),

  updateProjectLocation: async ({ context, path, body }, reply) =>
    reply(200, await updateProjectLocation(context, path.project_id, body)),

  deleteProject: async ({ context, path }, reply) => {
    await deleteProject(context, path.project_id);
    return reply(204);
  },

  explainProjectAccess: async ({ context, path, query }, reply) =>
    reply(200, await explainProjectAccess(context, path.project_id, query.user_id)),

  listProjectUserAccess: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listProjectUserAccess(context, path.project_id, query);
    return reply(200, items, link(next));
  },

  grantProjectUserAccess: async ({ context, path, body }, reply) => {
    const { access, isNew } = await grantProjectUserAccess(context, path.project_id, body);
    return reply(isNew ? 201 : 200, access);
  },

  updateProjectUserAccess: async ({ context, caller, path, body }, reply) =>
    reply(200, await updateProjectUserAccess(context, caller.user, path.project_id, path.user_id, body)),

  revokeProjectUserAccess: async ({ context, caller, path }, reply) => {
    await revokeProjectUserAccess(context, caller.user, path.project_id, path.user_id);
    return reply(204);
  },

  listProjectOrganizationAccess: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listProjectOrganizationAccess(context, path.project_id, query);
    return reply(200, items, link(next));
  },

  grantProjectOrganizationAccess: async ({ context, path, body }, reply) => {
    const { access, isNew } = await grantProjectOrganizationAccess(context, path.project_id, body);
    return reply(isNew ? 201 : 200, access);
  },

  revokeProjectOrganizationAccess: async ({ context, path }, reply) => {
    await revokeProjectOrganizationAccess(context, path.project_id, path.organization_id);
    return reply(204);
  },

  listProjectPhases: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listProjectPhases(context, path.project_id, query);
    return reply(200, items, link(next));
  },

  listProjectPhasesWithDependencies: async ({ context, path }, reply) =>
    reply(200, await listProjectPhasesWithDependencies(context, path.project_id)),

  attachProjectPhase: async ({ context, path, body }, reply) => {
    await attachProjectPhase(context, path.project_id, body.phase_id);
    return reply(204);
  },

  updateProjectPhase: async ({ context, path, body }, reply) =>
    reply(200, await updateProjectPhase(context, path.project_id, path.phase_id, body)),

  detachProjectPhase: async ({ context, path }, reply) => {
    await detachProjectPhase(context, path.project_id, path.phase_id);
    return reply(204);
  },
} satisfies Partial<Handlers>;
