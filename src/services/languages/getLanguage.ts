import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Language } from '../../models/language.ts';

type Which = { id: string } | { code: string };

const languageWith = prepareQuery<Schema<'Language'>, Which>((which, database) =>
  Language.query(database)
    .select(...Language.columns)
    .findOne(which),
);

export async function getLanguage({ database }: Context, which: Which): Promise<Schema<'Language'>> {
  const [language] = await languageWith(database, which);
  return language ?? Promise.reject(noSuchLanguage());
}

export function noSuchLanguage() {
  return notFound('There is no such language.');
}
