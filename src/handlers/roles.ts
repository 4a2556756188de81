import type { Handlers } from '../http/handler.ts';
import { assignRole } from '../services/roles/assignRole.ts';
import { checkRole } from '../services/roles/checkRole.ts';
import { revokeRole } from '../services/roles/revokeRole.ts';

export const roles = {
  assignRole: async ({ context, body }, reply) => reply(200, await assignRole(context, body)),

  revokeRole: async ({ context, body }, reply) => reply(200, await revokeRole(context, body)),

  checkRole: async ({ context, query }, reply) => reply(200, await checkRole(context, query)),
} satisfies Partial<Handlers>;
