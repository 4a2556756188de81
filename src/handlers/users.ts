import type { Handlers } from '../http/handler.ts';
import { deleteUser } from '../services/users/deleteUser.ts';
import { getUser } from '../services/users/getUser.ts';
import { listUserRoles } from '../services/users/listUserRoles.ts';
import { listUsers } from '../services/users/listUsers.ts';
import { searchUsers } from '../services/users/searchUsers.ts';
import { updateUser } from '../services/users/updateUser.ts';

export const users = {
  listUsers: async ({ context, query, link }, reply) => {
    const { items, next } = await listUsers(context, query);
    return reply(200, items, link(next));
  },

  searchUsers: async ({ context, query }, reply) => reply(200, await searchUsers(context, query)),

  getUser: async ({ context, path }, reply) => reply(200, await getUser(context, path.user_id)),

  updateUser: async ({ context, path, body }, reply) =>
    reply(200, await updateUser(context, path.user_id, body)),

  deleteUser: async ({ context, path }, reply) => {
    await deleteUser(context, path.user_id);
    return reply(204);
  },

  listUserRoles: async ({ context, path, query, link }, reply) => {
    const { items, next } = await listUserRoles(context, path.user_id, query);
    return reply(200, items, link(next));
  },
} satisfies Partial<Handlers>;
