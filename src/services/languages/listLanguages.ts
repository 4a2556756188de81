import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { foldText } from '../../core/text.ts';
import { Language } from '../../models/language.ts';

const languagesWith = preparePages<Schema<'Language'>, { text: string }>(
  Language,
  { direction: 'asc', columns: ['code'] },
  ({ text }, database) =>
    Language.query(database)
      .select(...Language.columns)
      .whereRaw('(strpos(code, ?) > 0 or strpos(search_name, ?) > 0)', [text, text]),
);

export async function listLanguages(
  { database }: Context,
  { q = '', ...page }: { q?: string } & PageRequest,
): Promise<Page<Schema<'Language'>>> {
  return languagesWith(database, { text: foldText(q.trim()) }, page);
}
