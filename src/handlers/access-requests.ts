import type { Handlers } from '../http/handler.ts';
import { createAccessRequest } from '../services/access-requests/createAccessRequest.ts';
import { getMyAccessRequest } from '../services/access-requests/getMyAccessRequest.ts';
import { listAccessRequests } from '../services/access-requests/listAccessRequests.ts';
import { reviewAccessRequest } from '../services/access-requests/reviewAccessRequest.ts';

export const accessRequests = {
  createAccessRequest: async ({ context, caller, body }, reply) => {
    const { request, isNew } = await createAccessRequest(context, caller.user.id, body);
    return reply(isNew ? 201 : 200, request);
  },

  getMyAccessRequest: async ({ context, caller, query }, reply) =>
    reply(200, await getMyAccessRequest(context, caller.user.id, query)),

  listAccessRequests: async ({ context, query, link }, reply) => {
    const { items, next } = await listAccessRequests(context, query);
    return reply(200, items, link(next));
  },

  reviewAccessRequest: async ({ context, path, body }, reply) =>
    reply(200, await reviewAccessRequest(context, path.request_id, body)),
} satisfies Partial<Handlers>;
