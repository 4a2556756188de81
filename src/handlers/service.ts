import { contract, contractYaml, docsHtml } from '../http/contract.ts';
import type { Handlers } from '../http/handler.ts';
import { getReadiness } from '../services/service/getReadiness.ts';

export const service = {
  getHealth: (_request, reply) => reply(200, { status: 'ok' }),

  getReadiness: async ({ context }, reply) => {
    const readiness = await getReadiness(context);
    return reply(readiness.status === 'ready' ? 200 : 503, readiness);
  },

  getOpenapiJson: (_request, reply) => reply(200, { ...contract }),

  getOpenapiYaml: (_request, reply) => reply(200, contractYaml),

  getDocs: (_request, reply) => reply(200, docsHtml),
} satisfies Partial<Handlers>;
