import { mkdir, mkdtemp, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

export const root = join(import.meta.dirname, '..');

/** When one of these files or folders last changed, in milliseconds since the epoch. */
export async function newest(paths: readonly string[]): Promise<number> {
  const changes = await Promise.all(paths.map(async (path) => (await stat(join(root, path))).mtimeMs));
  return Math.max(...changes);
}

/** A folder and all that is in it; the folder counts too, so that a deleted file shows. */
export async function within(folder: string): Promise<string[]> {
  const inside = await readdir(join(root, folder), { recursive: true });
  return [folder, ...inside.map((path) => join(folder, path))];
}

/**
 * Makes a file unless it is newer than what it is made from.
 * It appears whole or not at all, so that an interrupted run never looks fresh.
 * @returns milliseconds that it took, or nothing if it was up to date
 */
export async function make(
  name: string,
  since: number,
  write: (path: string) => Promise<void>,
): Promise<number | undefined> {
  const output = join(root, name);
  const started = performance.now();
  if (await isFresh(output, since)) return undefined;
  await mkdir(join(root, 'dist'), { recursive: true });
  const scratch = await mkdtemp(join(root, 'dist/.'));
  try {
    const unfinished = join(scratch, basename(name));
    const asOf = new Date();
    await write(unfinished);
    // As old as its inputs are known to be: one that changes meanwhile makes it stale.
    await utimes(unfinished, asOf, asOf);
    await mkdir(dirname(output), { recursive: true });
    await rename(unfinished, output);
  } finally {
    await rm(scratch, { recursive: true });
  }
  return performance.now() - started;
}

async function isFresh(output: string, since: number): Promise<boolean> {
  try {
    return (await stat(output)).mtimeMs > since;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
