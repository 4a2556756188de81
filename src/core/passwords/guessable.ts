import { dictionary } from '@zxcvbn-ts/language-common';

/** Shorter ones are refused anyway. */
const shortest = 8;

/** Those that leaks showed most often, about 18,000 that are long enough. */
const common = new Set(dictionary['passwords-common'].filter(({ length }) => length >= shortest));

/** @param password composed (NFC) and in lower case, as the list is */
export function isCommonPassword(password: string): boolean {
  return common.has(password);
}

/** What whoever guesses here knows: this system, its tools and their roles. A name stands before those that begin like it. */
const names = [
  ...['tripod studio', 'tripod api', 'tripod', 'meaning map generator', 'meaning map', 'oral bridge'],
  ...['data collection', 'avita', 'administrator', 'admin', 'facilitator', 'reviewer', 'annotator', 'viewer'],
];
const anyName = new RegExp(names.map((name) => name.replaceAll(' ', '[ _.-]?')).join('|'), 'gu');

/** @param password in lower case */
export function withoutOurNames(password: string): string {
  return password.replace(anyName, '');
}
