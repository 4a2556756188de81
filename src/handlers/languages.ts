import type { Handlers } from '../http/handler.ts';
import { createLanguage } from '../services/languages/createLanguage.ts';
import { deleteLanguage } from '../services/languages/deleteLanguage.ts';
import { getLanguage } from '../services/languages/getLanguage.ts';
import { listLanguages } from '../services/languages/listLanguages.ts';
import { searchLanguageRegistry } from '../services/languages/searchLanguageRegistry.ts';
import { updateLanguage } from '../services/languages/updateLanguage.ts';

export const languages = {
  listLanguages: async ({ context, query, link }, reply) => {
    const { items, next } = await listLanguages(context, query);
    return reply(200, items, link(next));
  },

  createLanguage: async ({ context, body }, reply) => {
    const language = await createLanguage(context, body);
    return reply(201, language, { Location: `/api/languages/${language.id}` });
  },

  getLanguage: async ({ context, path }, reply) =>
    reply(200, await getLanguage(context, { id: path.language_id })),

  getLanguageByCode: async ({ context, path }, reply) =>
    reply(200, await getLanguage(context, { code: path.code.toLowerCase() })),

  updateLanguage: async ({ context, path, body }, reply) =>
    reply(200, await updateLanguage(context, path.language_id, body)),

  deleteLanguage: async ({ context, path }, reply) => {
    await deleteLanguage(context, path.language_id);
    return reply(204);
  },

  searchLanguageRegistry: async ({ context, query }, reply) =>
    reply(200, await searchLanguageRegistry(context, query)),
} satisfies Partial<Handlers>;
