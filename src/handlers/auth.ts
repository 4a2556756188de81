import type { Handlers } from '../http/handler.ts';
import { changePassword } from '../services/auth/changePassword.ts';
import { deleteMe } from '../services/auth/deleteMe.ts';
import { endSession } from '../services/auth/endSession.ts';
import { listMyManagedOrganizations } from '../services/auth/listMyManagedOrganizations.ts';
import { listMyProjectRoles } from '../services/auth/listMyProjectRoles.ts';
import { listMyRoles } from '../services/auth/listMyRoles.ts';
import { listSessions } from '../services/auth/listSessions.ts';
import { logIn } from '../services/auth/logIn.ts';
import { logOut } from '../services/auth/logOut.ts';
import { logOutEverywhere } from '../services/auth/logOutEverywhere.ts';
import { refreshTokens } from '../services/auth/refreshTokens.ts';
import { requestPasswordReset } from '../services/auth/requestPasswordReset.ts';
import { resetPassword } from '../services/auth/resetPassword.ts';
import { signUp } from '../services/auth/signUp.ts';
import { updateMe } from '../services/auth/updateMe.ts';

export const auth = {
  signUp: async ({ context, body }, reply) => reply(201, await signUp(context, body)),

  logIn: async ({ context, body }, reply) => reply(200, await logIn(context, body)),

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

  deleteMe: async ({ context, caller }, reply) => {
    await deleteMe(context, caller.user.id);
    return reply(204);
  },

  changePassword: async ({ context, caller, body }, reply) => {
    await changePassword(context, caller.user.id, caller.sessionId, body);
    return reply(204);
  },

  requestPasswordReset: async ({ context, body }, reply) => {
    await requestPasswordReset(context, body);
    return reply(202);
  },

  resetPassword: async ({ context, body }, reply) => {
    await resetPassword(context, body);
    return reply(204);
  },

  listSessions: async ({ context, caller, query, link }, reply) => {
    const { items, next } = await listSessions(context, caller.user.id, caller.sessionId, query);
    return reply(200, items, link(next));
  },

  endSession: async ({ context, caller, path }, reply) => {
    await endSession(context, caller.user.id, path.session_id);
    return reply(204);
  },

  listMyRoles: async ({ context, caller, query, link }, reply) => {
    const { items, next } = await listMyRoles(context, caller.user.id, query);
    return reply(200, items, link(next));
  },

  listMyProjectRoles: async ({ context, caller }, reply) =>
    reply(200, await listMyProjectRoles(context, caller.user)),

  listMyManagedOrganizations: async ({ context, caller }, reply) =>
    reply(200, await listMyManagedOrganizations(context, caller.user.id)),
} satisfies Partial<Handlers>;
