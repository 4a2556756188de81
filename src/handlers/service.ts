import { contract, contractYaml, docsHtml, rolesHtml } from '../http/contract.ts';
import type { Handlers } from '../http/handler.ts';
import { getReadiness } from '../services/service/getReadiness.ts';

/** The same object each time is written only once. */
const openapi = { ...contract };

export const service = {
  getHealth: (_request, reply) => reply(200, { status: 'ok' }),

  getReadiness: async ({ context }, reply) => {
    const readiness = await getReadiness(context);
    return readiness.status === 'ready' ? reply(200, readiness) : reply(503, readiness, { 'Retry-After': 1 });
  },

  getOpenapiJson: (_request, reply) => reply(200, openapi),

  getOpenapiYaml: (_request, reply) => reply(200, contractYaml),

  getJsonWebKeySet: ({ context }, reply) => reply(200, context.tokens.publicKeys),

  getDocs: (_request, reply) => reply(200, docsHtml),

  getRolesPage: (_request, reply) => reply(200, rolesHtml),
} satisfies Partial<Handlers>;
