/** What whoever guesses here knows: this system, its tools and their roles. A longer name stands before one that it begins with. */
const anyName =
  /tripod[ _.-]?studio|tripod[ _.-]?api|tripod|meaning[ _.-]?map[ _.-]?generator|meaning[ _.-]?map|oral[ _.-]?bridge|data[ _.-]?collection|avita|administrator|admin|facilitator|reviewer|annotator|viewer/gu;

/**
 * Whether it is made of these names and little more: "tripod-studio", "admin.2026".
 * @param password in lower case
 */
export function isOfOurNames(password: string): boolean {
  const rest = password.replace(anyName, '');
  return rest !== password && rest.length < 8 && !/\p{L}/u.test(rest);
}
