import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { isProcessAlive } from './processes.ts';

/**
 * Creates `target` unless it exists. `fill` works under a temporary name (mode 0700), so `target` is complete
 * whenever it is there, and of several that try at the same time one wins and the others use what it made.
 */
export async function createDirectoryOnce(target: string, fill: (directory: string) => Promise<void>) {
  if (existsSync(target)) return;
  await removeLeftovers(target);
  const temporary = `${target}.${process.pid}.${randomBytes(4).toString('hex')}`;
  await mkdir(temporary, { mode: 0o700 });
  try {
    await fill(temporary);
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true, maxRetries: 5 });
    if (!isTaken(error)) throw error;
  }
}

async function removeLeftovers(target: string) {
  for (const name of await readdir(dirname(target))) {
    if (!name.startsWith(`${basename(target)}.`)) continue;
    const creator = /^(\d+)\.[0-9a-f]{8}$/.exec(name.slice(basename(target).length + 1))?.[1];
    if (creator === undefined || isProcessAlive(Number(creator))) continue;
    await rm(join(dirname(target), name), { recursive: true, force: true, maxRetries: 5 });
  }
}

function isTaken(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code;
  return code === 'ENOTEMPTY' || code === 'EEXIST';
}
