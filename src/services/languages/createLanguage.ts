import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unprocessable, type Problem } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Language } from '../../models/language.ts';
import { findByTwoLetterCode, isAssigned } from './registry.ts';

/** @throws {Problem} 422 for a code that ISO 639-3 does not assign, 409 for one that a language has already */
export async function createLanguage(
  { database }: Context,
  { name, code: givenCode }: Schema<'CreateLanguageRequest'>,
): Promise<Schema<'Language'>> {
  const code = givenCode.toLowerCase();
  if (!isAssigned(code)) throw unknownCode(code);
  const { id, created_at } = await Language.query(database)
    .insert({ name, code })
    .returning(['id', 'created_at'])
    .catch(onConstraint({ languages_code_key: () => codeTaken(code) }));
  return { id, name, code, created_at };
}

function codeTaken(code: string): Problem {
  return conflict(
    'LANGUAGE_CODE_TAKEN',
    `A language with the code "${code}" exists already. Please use that one.`,
  );
}

function unknownCode(code: string): Problem {
  const equal = findByTwoLetterCode(code);
  return unprocessable(
    'LANGUAGE_CODE_UNKNOWN',
    equal
      ? `Please use the three-letter code: "${code}" is "${equal.iso6393}" (${equal.name}).`
      : `ISO 639-3 does not assign the code "${code}". Please look the language up in the registry, or use a private code from "qaa" to "qtz".`,
  );
}
