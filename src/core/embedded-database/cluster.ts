import { execFile } from 'node:child_process';
import { chown } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { notForThisPlatform } from './binaries.ts';
import { createDirectoryOnce } from './create-directory-once.ts';
import { type ServerUser } from './server-user.ts';

export interface Cluster {
  /** What PostgreSQL calls its data directory. */
  readonly directory: string;
  readonly socketDirectory: string;
  readonly logFile: string;
  /** Holds bin/, lib/ and share/ of PostgreSQL. */
  readonly binaries: string;
  readonly user: ServerUser | undefined;
}

/** Locale and time zone come from here, not from whoever starts the service; PG… variables stay out. */
export const serverEnvironment = { LC_ALL: 'C', TZ: 'UTC', PATH: '/usr/bin:/bin' };

/** Text is UTF-8 and sorts the same way on every system. */
const initialization = [
  '--username=tripod',
  '--auth=trust',
  '--encoding=UTF8',
  '--locale=C',
  '--locale-provider=builtin',
  '--builtin-locale=C.UTF-8',
];

export async function createCluster({ directory, binaries, user }: Cluster, durable: boolean) {
  const initdb = promisify(execFile).bind(undefined, join(binaries, 'bin/initdb'));
  const durability = durable ? [] : ['--no-sync'];
  await createDirectoryOnce(directory, async (temporary) => {
    if (user !== undefined) await chown(temporary, user.uid, user.gid);
    try {
      await initdb(['-D', temporary, ...initialization, ...durability], {
        ...user,
        cwd: temporary,
        env: serverEnvironment,
      });
    } catch (error) {
      // Nothing but a missing loader, as on musl, makes an existing program "not found".
      throw (error as NodeJS.ErrnoException).code === 'ENOENT' ? notForThisPlatform(error) : error;
    }
  });
}

export function serverSettings(cluster: Cluster, durable: boolean): string[] {
  const settings = [
    'listen_addresses=',
    `unix_socket_directories="${cluster.socketDirectory.replaceAll('"', '""')}"`,
    'unix_socket_permissions=0700',
    'port=5432',
    'max_connections=200',
    'shared_buffers=128MB',
    'log_checkpoints=off',
  ];
  return durable ? settings : [...settings, 'fsync=off', 'full_page_writes=off'];
}
