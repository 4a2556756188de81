import type { Handlers } from '../http/handler.ts';
import { createLanguage } from '../services/languages/createLanguage.ts';
import { getLanguage } from '../services/languages/getLanguage.ts';
import { listLanguages } from '../services/languages/listLanguages.ts';
import { searchLanguageRegistry } from '../services/languages/searchLanguageRegistry.ts';

export const languages = {
  listLanguages: async ({ context, query }, reply) => reply(200, await listLanguages(context, query)),

  createLanguage: async ({ context, body }, reply) => {
    const language = await createLanguage(context, body);
    return reply(201, language, { Location: `/api/languages/${language.id}` });
  },

  getLanguage: async ({ context, path }, reply) =>
    reply(200, await getLanguage(context, { id: path.language_id })),

  getLanguageByCode: async ({ context, path }, reply) =>
    reply(200, await getLanguage(context, { code: path.code.toLowerCase() })),

  searchLanguageRegistry: async ({ context, query }, reply) =>
    reply(200, await searchLanguageRegistry(context, query)),
} satisfies Partial<Handlers>;
