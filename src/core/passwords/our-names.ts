/** What whoever guesses here knows: this system, its tools and their roles. A name stands before those that begin like it. */
const names = [
  ...['tripod studio', 'tripod api', 'tripod', 'meaning map generator', 'meaning map', 'oral bridge'],
  ...['data collection', 'avita', 'administrator', 'admin', 'facilitator', 'reviewer', 'annotator', 'viewer'],
];

const anyName = new RegExp(names.map((name) => name.replaceAll(' ', '[ _.-]?')).join('|'), 'gu');

/**
 * Whether it is made of these names and little more: "tripod-studio", "admin.2026".
 * @param password in lower case
 */
export function isOfOurNames(password: string): boolean {
  const rest = password.replace(anyName, '');
  return rest !== password && rest.length < 8 && !/\p{L}/u.test(rest);
}
