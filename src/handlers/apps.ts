import type { Handlers } from '../http/handler.ts';
import { createApp } from '../services/apps/createApp.ts';
import { createAppRole } from '../services/apps/createAppRole.ts';
import { deleteApp } from '../services/apps/deleteApp.ts';
import { deleteAppRole } from '../services/apps/deleteAppRole.ts';
import { getApp } from '../services/apps/getApp.ts';
import { listAppRoles } from '../services/apps/listAppRoles.ts';
import { listApps } from '../services/apps/listApps.ts';
import { listMyApps } from '../services/apps/listMyApps.ts';
import { updateApp } from '../services/apps/updateApp.ts';

export const apps = {
  listApps: async ({ context, query, link }, reply) => {
    const { items, next } = await listApps(context, query);
    return reply(200, items, link(next));
  },

  createApp: async ({ context, body }, reply) => {
    const app = await createApp(context, body);
    return reply(201, app, { Location: `/api/apps/${app.id}` });
  },

  listMyApps: async ({ context, caller, query, link }, reply) => {
    const { items, next } = await listMyApps(context, caller.user, query);
    return reply(200, items, link(next));
  },

  getApp: async ({ context, path }, reply) => reply(200, await getApp(context, path.app_id)),

  updateApp: async ({ context, path, body }, reply) =>
    reply(200, await updateApp(context, path.app_id, body)),

  deleteApp: async ({ context, path }, reply) => {
    await deleteApp(context, path.app_id);
    return reply(204);
  },

  listAppRoles: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listAppRoles(context, path.app_id, query);
    return reply(200, items, link(next));
  },

  createAppRole: async ({ context, path, body }, reply) =>
    reply(201, await createAppRole(context, path.app_id, body)),

  deleteAppRole: async ({ context, path }, reply) => {
    await deleteAppRole(context, path.app_id, path.role_id);
    return reply(204);
  },
} satisfies Partial<Handlers>;
