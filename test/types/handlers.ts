// Lines marked `refused` must not compile, all others must.
import type { Handlers } from '../../src/http/handler.ts';
import { handlers } from '../../src/handlers/handlers.ts';

const language = { id: '', name: '', code: '', created_at: '' };

export const complete: Handlers = handlers;

const { getHealth: _getHealth, ...allButOne } = handlers;
export const missing: Handlers = allButOne; // refused

export const unknown: Handlers = { ...handlers, makeCoffee: () => undefined }; // refused

export const good = {
  getHealth: (_request, reply) => reply(200, { status: 'ok' }),
  getLanguage: (_request, reply) => reply(200, language),
  createLanguage: ({ body }, reply) =>
    reply(201, { ...language, name: body.name }, { Location: '/api/languages/1' }),
  deletePhase: (_request, reply) => reply(204),
  getReadiness: (_request, reply) =>
    reply(
      503,
      { status: 'unavailable', checks: { database: 'unavailable', migrations: 'unknown' } },
      { 'Retry-After': 1 },
    ),
} satisfies Partial<Handlers>;

export const bad = {
  getHealth: (_request, reply) => reply(200, { status: 'well' }), // refused
  getMe: (_request, reply) => reply(200, { id: '' }), // refused
  getLanguage: (_request, reply) => reply(200, { ...language, secret: '' }), // refused
  getLanguageByCode: (_request, reply) => reply(418, language), // refused
  listLanguages: (_request, reply) => reply(200, language), // refused
  createLanguage: (_request, reply) => reply(201, language), // refused
  createPhase: ({ body }, reply) => reply(400, { text: body.name }), // refused
  updatePhase: ({ body }) => body.colour, // refused
  deletePhase: (_request, reply) => reply(204, language), // refused
  getPhase: ({ path }) => path.project_id, // refused
  listPhases: ({ query }) => query.language_id, // refused
  getProject: () => ({ status: 200, body: {}, headers: {}, sent: true }), // refused
  signUp: ({ caller }) => caller.user, // refused
  getOrganization: (_request, reply) => reply(200, { ...language, slug: 1 }), // refused
} satisfies Partial<Handlers>;
