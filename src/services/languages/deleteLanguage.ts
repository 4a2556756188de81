import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict } from '../../core/errors.ts';
import { Language } from '../../models/language.ts';
import { noSuchLanguage } from './getLanguage.ts';

/** @throws {Problem} 409 as long as projects work in it */
export async function deleteLanguage({ database }: Context, id: string): Promise<void> {
  const deleted = await Language.query(database)
    .deleteById(id)
    .catch(onConstraint({ projects_language_id_fkey: inUse }));
  if (deleted === 0) throw noSuchLanguage();
}

function inUse() {
  return conflict('LANGUAGE_IN_USE', 'Projects still work in this language.');
}
