/** Collects what is logged, down to the least word. */
export function collectLog(): { logTo: { write(line: string): void }; log: () => string } {
  let log = '';
  return { logTo: { write: (line) => (log += line) }, log: () => log };
}
