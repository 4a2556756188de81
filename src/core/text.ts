/** PostgreSQL stores no NUL, and a lone surrogate is no character: either would be altered or refused on its way. */
export function isStorableText(value: string): boolean {
  return value.isWellFormed() && !value.includes('\u0000');
}

const letters: Readonly<Record<string, string>> = {
  ø: 'o', ł: 'l', đ: 'd', ð: 'd', ħ: 'h', ŧ: 't', ı: 'i', ŋ: 'n', ɓ: 'b', ɗ: 'd', ɖ: 'd', ɛ: 'e', ɔ: 'o', ƙ: 'k', ƴ: 'y',
  ς: 'σ', æ: 'ae', œ: 'oe', ß: 'ss', þ: 'th', ǃ: '!', ʼ: "'", ʻ: "'", ꞌ: "'", '’': "'", '‘': "'",
}; // prettier-ignore

/** The form in which names are searched: lower case, without accents or other marks. */
export function foldText(value: string): string {
  return value
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\u0020-\u007e]/gu, (letter) => letters[letter] ?? letter);
}
