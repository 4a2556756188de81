import { dictionary } from '@zxcvbn-ts/language-common';

/** Shorter ones are refused anyway. */
const shortest = 8;

/** Those that leaks showed most often, about 18,000 that are long enough, in lower case. */
const leaked = new Set(dictionary['passwords-common'].filter(({ length }) => length >= shortest));

/** Among the first 10,000 of other lists; this one leaves to rules like those below what is repeated or runs along the keys. */
const others = new Set([
  ...['01012009', '01022010', '20082009', '393041123', '476730751', '634142554', 'fingerig', 'homepage-'],
  ...['films+pic+galeries', 'sentnece', 'hotmail0', 'hotmail1'],
]);

/** Longer ones that are as simple are not common. */
const longestSimple = 20;

const rows = [
  ...['abcdefghijklmnopqrstuvwxyz', '01234567890-='],
  ...['qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./', 'qwertzuiop', 'azertyuiop'],
];
const runs = rows.flatMap((row) => [row, Array.from(row).reverse().join('')]);

/**
 * Whether it is one of the 10,000 passwords that leaks showed most often, or like them.
 * @param password composed (NFC) and in lower case
 */
export function isCommonPassword(password: string): boolean {
  if (leaked.has(password) || others.has(password)) return true;
  return password.length <= longestSimple && (isRun(password) || isRepeated(password));
}

/** Keys side by side: "87654321", "asdfghjkl". */
function isRun(password: string): boolean {
  return runs.some((run) => run.includes(password));
}

/** One part over and over: "aaaaaaaa", "12341234", "qweqweqw". */
function isRepeated(password: string): boolean {
  const characters = Array.from(password);
  const isPeriod = (period: number) =>
    characters.every((character, index) => index < period || character === characters[index - period]);
  const periods = Array.from({ length: Math.floor(characters.length / 2) }, (_, index) => index + 1);
  return periods.some(isPeriod);
}
