import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';

/** Fits the options of node:child_process. */
export interface ServerUser {
  readonly uid: number;
  readonly gid: number;
}

/**
 * Whom PostgreSQL must run as, which refuses root: undefined (no change) for an ordinary user; for root the owner
 * of the cluster if it exists, else `postgres` or `nobody`, since initdb wants somebody with a passwd entry.
 */
export function serverUser(cluster: string): ServerUser | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner !== undefined && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  const user = lookUp('postgres') ?? lookUp('nobody');
  if (user === undefined) {
    throw new Error(
      'PostgreSQL refuses to run as root, and there is no user postgres or nobody: set DATABASE_URL to a PostgreSQL 14 or later',
    );
  }
  return user;
}

export function canEnter(user: ServerUser, directory: string): boolean {
  return spawnSync('/bin/sh', ['-c', 'test -x "$0"', directory], { ...user, cwd: '/' }).status === 0;
}

function lookUp(name: string): ServerUser | undefined {
  const uid = spawnSync('id', ['-u', name], { encoding: 'utf8' });
  const gid = spawnSync('id', ['-g', name], { encoding: 'utf8' });
  return uid.status === 0 && gid.status === 0
    ? { uid: Number(uid.stdout), gid: Number(gid.stdout) }
    : undefined;
}
