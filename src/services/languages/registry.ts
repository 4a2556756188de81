import { iso6393 } from 'iso-639-3';
import MiniSearch from 'minisearch';
import { foldText } from '../../core/text.ts';

/** The languages that ISO 639-3 assigns a code to. */
export type RegisteredLanguage = (typeof iso6393)[number];

const byCode = new Map(iso6393.map((language) => [language.iso6393, language]));
const byTwoLetterCode = new Map(iso6393.map((language) => [language.iso6391, language]));
const foldedNames = new Map(iso6393.map((language) => [language, foldText(language.name)]));

const names = new MiniSearch<RegisteredLanguage>({
  idField: 'iso6393',
  fields: ['name'],
  // Folding turns some letters into punctuation (ǃ, ʼ), so it comes before words are told apart.
  tokenize: (text) => foldText(text).split(/[^\p{L}\p{N}]+/u),
  searchOptions: { prefix: true, combineWith: 'AND' },
});
names.addAll(iso6393);

export function isAssigned(code: string): boolean {
  return byCode.has(code) || isPrivateUse(code);
}

/** ISO 639-3 leaves qaa to qtz to private agreement. */
function isPrivateUse(code: string): boolean {
  return code >= 'qaa' && code <= 'qtz';
}

/** The language of an ISO 639-1 code such as `da`. */
export function findByTwoLetterCode(code: string): RegisteredLanguage | undefined {
  return byTwoLetterCode.get(code);
}

/** The language whose code this is, then the best matches by name, then names that have the text within a word. */
export function searchRegistry(text: string, limit: number): RegisteredLanguage[] {
  const folded = foldText(text.trim());
  if (folded === '') return [];
  const exact = byCode.get(folded) ?? byTwoLetterCode.get(folded);
  const found = names.search(folded).flatMap(({ id }) => byCode.get(id as string) ?? []);
  const wholeNames = found.filter((language) => foldedNames.get(language) === folded);
  const best = new Set([...(exact ? [exact] : []), ...wholeNames, ...found]);
  if (best.size < limit)
    for (const language of iso6393) if (foldedNames.get(language)?.includes(folded)) best.add(language);
  return [...best].slice(0, limit);
}
