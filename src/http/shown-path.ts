/** Ids, keys and words; whatever is longer or of other characters may be a token or an address. */
const plain = /^[\w.~-]{0,40}$/;
const longest = 200;

/** A path as logs and traces may show it. */
export function shownPath(path: string): string {
  const segments = path.split('/').map((segment) => (plain.test(segment) ? segment : '*'));
  return segments.join('/').slice(0, longest);
}
