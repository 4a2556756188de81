/** Gives the path of the tarball. */
export function buildTypescriptClient(): Promise<string> {
  return Promise.reject(new Error('not built yet'));
}
