import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { foldText } from '../../core/text.ts';
import { Language } from '../../models/language.ts';

export async function listLanguages(
  { database }: Context,
  { q = '' }: { q?: string },
): Promise<Schema<'Language'>[]> {
  const text = foldText(q.trim());
  return Language.query(database)
    .select(...Language.columns)
    .whereRaw('(strpos(code, ?) > 0 or strpos(search_name, ?) > 0)', [text, text])
    .orderBy('code');
}
