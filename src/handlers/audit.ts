import type { Handlers } from '../http/handler.ts';
import { listAuditEvents } from '../services/audit/listAuditEvents.ts';

export const audit = {
  listAuditEvents: async ({ context, query, link }, reply) => {
    const { items, next } = await listAuditEvents(context, query);
    return reply(200, items, link(next));
  },
} satisfies Partial<Handlers>;
