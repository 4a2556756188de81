import type { Handlers } from '../http/handler.ts';
import { addPhaseDependency } from '../services/phases/addPhaseDependency.ts';
import { createPhase } from '../services/phases/createPhase.ts';
import { deletePhase } from '../services/phases/deletePhase.ts';
import { getPhase } from '../services/phases/getPhase.ts';
import { listPhaseDependencies } from '../services/phases/listPhaseDependencies.ts';
import { listPhases } from '../services/phases/listPhases.ts';
import { listPhasesWithDependencies } from '../services/phases/listPhasesWithDependencies.ts';
import { removePhaseDependency } from '../services/phases/removePhaseDependency.ts';
import { updatePhase } from '../services/phases/updatePhase.ts';

export const phases = {
  listPhases: async ({ context, caller, query, link }, reply) => {
    const { items, next } = await listPhases(context, caller.user, query);
    return reply(200, items, link(next));
  },

  listPhasesWithDependencies: async ({ context, caller }, reply) =>
    reply(200, await listPhasesWithDependencies(context, caller.user)),

  createPhase: async ({ context, body }, reply) => {
    const phase = await createPhase(context, body);
    return reply(201, phase, { Location: `/api/phases/${phase.id}` });
  },

  getPhase: async ({ context, caller, path }, reply) =>
    reply(200, await getPhase(context, caller.user, path.phase_id)),

  updatePhase: async ({ context, caller, path, body }, reply) =>
    reply(200, await updatePhase(context, caller.user, path.phase_id, body)),

  deletePhase: async ({ context, path }, reply) => {
    await deletePhase(context, path.phase_id);
    return reply(204);
  },

  listPhaseDependencies: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listPhaseDependencies(context, path.phase_id, query);
    return reply(200, items, link(next));
  },

  addPhaseDependency: async ({ context, path, body }, reply) =>
    reply(201, await addPhaseDependency(context, path.phase_id, body)),

  removePhaseDependency: async ({ context, path }, reply) => {
    await removePhaseDependency(context, path.phase_id, path.depends_on_id);
    return reply(204);
  },
} satisfies Partial<Handlers>;
