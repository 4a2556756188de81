import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { foldText } from '../../core/text.ts';
import { Language } from '../../models/language.ts';

export async function listLanguages(
  { database }: Context,
  { q = '', ...page }: { q?: string } & PageRequest,
): Promise<Page<Schema<'Language'>>> {
  const text = foldText(q.trim());
  const languages = Language.query(database)
    .select(...Language.columns)
    .whereRaw('(strpos(code, ?) > 0 or strpos(search_name, ?) > 0)', [text, text]);
  return fetchPage(languages, { direction: 'asc', columns: ['code'] }, page);
}
