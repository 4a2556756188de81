/** What clients can be generated, by language. */
export const generators: readonly string[] = [];

/** Gives the folder of the client. */
export function generateClient(name: string): Promise<string> {
  return Promise.reject(new Error(`there is no generator for ${name}`));
}
