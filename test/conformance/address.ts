/** The address of a deployment, with or without a path; undefined where the arguments are not just that. */
export function addressIn(args: readonly string[]): string | undefined {
  const [address = '', ...rest] = args;
  if (rest.length > 0 || !URL.canParse(address)) return undefined;
  const { protocol, username, search, hash } = new URL(address);
  const isPlain = /^https?:$/.test(protocol) && username + search + hash === '';
  return isPlain ? address.replace(/\/+$/, '') : undefined;
}
