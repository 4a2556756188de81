import { createHash } from 'node:crypto';
import { constants, statSync } from 'node:fs';
import { access, chmod, chown, lstat, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { sharedDirectory } from './binaries.ts';
import { canEnter, serverUser, type ServerUser } from './server-user.ts';

export function clusterDirectory(dataDirectory: string): string {
  return join(dataDirectory, 'postgresql');
}

/** Where this checkout's data lives when DATA_DIR is unset. */
export function defaultDataDirectory(checkout: string): string {
  const directory = resolve(checkout, '.data');
  const user = serverUser(clusterDirectory(directory));
  return user === undefined || canEnter(user, resolve(checkout))
    ? directory
    : join(sharedDirectory, shortHash(resolve(checkout)));
}

/**
 * Creates the directory where needed, and lets PostgreSQL's user pass through it.
 * @throws {Error} when the way there is closed to that user.
 */
export async function prepareDataDirectory(directory: string) {
  const { path, firstCreated } = await createDirectory(directory);
  const user = serverUser(clusterDirectory(path));
  if (user === undefined) {
    await assertOurs(path);
  } else if (!canEnter(user, path)) {
    for (let each = path; each.startsWith(firstCreated); each = dirname(each)) {
      await chmod(each, (await stat(each)).mode | 0o011);
    }
    if (!canEnter(user, path)) throw closedTo(`the user it runs as (uid ${user.uid})`, path);
  }
  return { path, user };
}

async function createDirectory(directory: string) {
  try {
    const firstCreated = await mkdir(directory, { recursive: true, mode: 0o700 });
    return { path: await realpath(directory), firstCreated: await realpath(firstCreated ?? directory) };
  } catch (cause) {
    throw closedTo('this user', directory, cause);
  }
}

async function assertOurs(directory: string) {
  try {
    await access(directory, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw closedTo('this user', directory, cause);
  }
  const cluster = statSync(clusterDirectory(directory), { throwIfNoEntry: false });
  if (cluster !== undefined && cluster.uid !== process.getuid?.()) throw closedTo('this user', directory);
}

function closedTo(whom: string, directory: string, cause?: unknown): Error {
  return new Error(
    `PostgreSQL cannot keep its data in ${directory}, which is closed to ${whom}: ` +
      'set DATA_DIR to another directory, or DATABASE_URL to a PostgreSQL 14 or later',
    { cause },
  );
}

/** The path of a socket has room for about 100 bytes; only PostgreSQL's user can enter either directory. */
export async function prepareSocketDirectory(cluster: string, user: ServerUser | undefined): Promise<string> {
  if (Buffer.byteLength(join(cluster, '.s.PGSQL.5432')) <= 100) return cluster;
  const directory = `/tmp/tripod-${shortHash(cluster)}`;
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const { uid, mode } = await lstat(directory);
  const isPrivate = (mode & 0o077) === 0;
  if (!isPrivate || (uid !== user?.uid && uid !== process.getuid?.())) {
    throw new Error(`${directory} belongs to somebody else: set DATA_DIR to a directory with a shorter path`);
  }
  if (user !== undefined) await chown(directory, user.uid, user.gid);
  return directory;
}

function shortHash(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 12);
}
