import type { Handlers } from '../http/handler.ts';
import { endSession } from '../services/auth/endSession.ts';
import { listMyManagedOrganizations } from '../services/auth/listMyManagedOrganizations.ts';
import { listMyRoles } from '../services/auth/listMyRoles.ts';
import { listSessions } from '../services/auth/listSessions.ts';
import { logIn } from '../services/auth/logIn.ts';
import { logOut } from '../services/auth/logOut.ts';
import { logOutEverywhere } from '../services/auth/logOutEverywhere.ts';
import { refreshTokens } from '../services/auth/refreshTokens.ts';
import { signUp } from '../services/auth/signUp.ts';
import { updateMe } from '../services/auth/updateMe.ts';

export const auth = {
  signUp: async ({ context, body, client }, reply) => reply(201, await signUp(context, body, client)),

  logIn: async ({ context, body, client }, reply) => reply(200, await logIn(context, body, client)),

  refreshTokens: async ({ context, body }, reply) => reply(200, await refreshTokens(context, body)),

  logOut: async ({ context, body }, reply) => {
    await logOut(context, body);
    return reply(204);
  },

  logOutEverywhere: async ({ context, caller }, reply) => {
    await logOutEverywhere(context, caller.user.id);
    return reply(204);
  },

  getMe: ({ caller }, reply) => reply(200, caller.user),

  updateMe: async ({ context, caller, body }, reply) =>
    reply(200, await updateMe(context, caller.user.id, body)),

  listSessions: async ({ context, caller }, reply) =>
    reply(200, await listSessions(context, caller.user.id, caller.sessionId)),

  endSession: async ({ context, caller, path }, reply) => {
    await endSession(context, caller.user.id, path.session_id);
    return reply(204);
  },

  listMyRoles: async ({ context, caller, query }, reply) =>
    reply(200, await listMyRoles(context, caller.user.id, query)),

  listMyManagedOrganizations: async ({ context, caller }, reply) =>
    reply(200, await listMyManagedOrganizations(context, caller.user.id)),
} satisfies Partial<Handlers>;
