import type { Handlers } from '../http/handler.ts';
import { assignRole } from '../services/roles/assignRole.ts';
import { checkRole } from '../services/roles/checkRole.ts';
import { revokeRole } from '../services/roles/revokeRole.ts';

export const roles = {
  assignRole: async ({ context, caller, body }, reply) =>
    reply(200, await assignRole(context, caller.user.id, body)),

  revokeRole: async ({ context, caller, body }, reply) =>
    reply(200, await revokeRole(context, caller.user.id, body)),

  checkRole: async ({ context, query }, reply) => reply(200, await checkRole(context, query)),
} satisfies Partial<Handlers>;
