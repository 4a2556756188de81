import type { Handlers } from '../http/handler.ts';
import { attachProjectPhase } from '../services/projects/attachProjectPhase.ts';
import { createProject } from '../services/projects/createProject.ts';
import { detachProjectPhase } from '../services/projects/detachProjectPhase.ts';
import { getProject } from '../services/projects/getProject.ts';
import { grantProjectOrganizationAccess } from '../services/projects/grantProjectOrganizationAccess.ts';
import { grantProjectUserAccess } from '../services/projects/grantProjectUserAccess.ts';
import { listProjectPhases } from '../services/projects/listProjectPhases.ts';
import { listProjects } from '../services/projects/listProjects.ts';
import { updateProjectLocation } from '../services/projects/updateProjectLocation.ts';

export const projects = {
  listProjects: async ({ context, caller, query }, reply) =>
    reply(200, await listProjects(context, caller.user, query)),

  createProject: async ({ context, caller, body }, reply) => {
    const project = await createProject(context, caller.user, body);
    return reply(201, project, { Location: `/api/projects/${project.id}` });
  },

  getProject: async ({ context, path }, reply) => reply(200, await getProject(context, path.project_id)),

  updateProjectLocation: async ({ context, path, body }, reply) =>
    reply(200, await updateProjectLocation(context, path.project_id, body)),

  grantProjectUserAccess: async ({ context, path, body }, reply) => {
    const { access, isNew } = await grantProjectUserAccess(context, path.project_id, body);
    return reply(isNew ? 201 : 200, access);
  },

  grantProjectOrganizationAccess: async ({ context, path, body }, reply) => {
    const { access, isNew } = await grantProjectOrganizationAccess(context, path.project_id, body);
    return reply(isNew ? 201 : 200, access);
  },

  listProjectPhases: async ({ context, path }, reply) =>
    reply(200, await listProjectPhases(context, path.project_id)),

  attachProjectPhase: async ({ context, path, body }, reply) => {
    await attachProjectPhase(context, path.project_id, body.phase_id);
    return reply(204);
  },

  detachProjectPhase: async ({ context, path }, reply) => {
    await detachProjectPhase(context, path.project_id, path.phase_id);
    return reply(204);
  },
} satisfies Partial<Handlers>;
