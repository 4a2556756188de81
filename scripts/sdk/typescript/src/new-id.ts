/** Never the same twice, which is all that is asked of it: `crypto` is missing in some runtimes and on pages without TLS. */
export function newId(): string {
  const random = () => Math.random().toString(36).slice(2);
  return `${Date.now().toString(36)}-${random()}${random()}`;
}
