import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Language } from '../../models/language.ts';
import { noSuchLanguage } from './getLanguage.ts';

export async function updateLanguage(
  { database }: Context,
  id: string,
  changes: Schema<'UpdateLanguageRequest'>,
): Promise<Schema<'Language'>> {
  const language = await Language.query(database)
    .patch(changes)
    .findById(id)
    .returning([...Language.columns])
    .first();
  return language ?? Promise.reject(noSuchLanguage());
}
