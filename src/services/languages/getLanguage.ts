import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Language } from '../../models/language.ts';

export async function getLanguage(
  { database }: Context,
  which: { id: string } | { code: string },
): Promise<Schema<'Language'>> {
  const language = await Language.query(database)
    .select(...Language.columns)
    .findOne(which);
  return language ?? Promise.reject(noSuchLanguage());
}

export function noSuchLanguage() {
  return notFound('There is no such language.');
}
