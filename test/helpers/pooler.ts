import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { serverUser } from '../../src/core/embedded-database/server-user.ts';
import { queryAt } from './query.ts';

const patience = 20_000;
const program = process.env['PGBOUNCER'] ?? 'pgbouncer';

export interface Pooler {
  /** Where it listens, as `host:port`. */
  readonly address: string;
  readonly stop: () => Promise<void>;
}

export const isPoolerHere = spawnSync(program, ['--version']).status === 0;

export const withoutPooler =
  'There is no PgBouncer here. Please install it (apt-get install pgbouncer, brew install pgbouncer), or let PGBOUNCER say where it is.';

/** Puts a PgBouncer in transaction mode in front of a cluster that is reached by a socket. */
export async function startPooler(clusterUrl: string): Promise<Pooler> {
  const { username, searchParams } = new URL(clusterUrl);
  const socketDirectory = searchParams.get('host') ?? '';
  // It refuses root as well, and nobody else may enter there.
  const user = serverUser(socketDirectory);
  const directory = await mkdtemp(join(tmpdir(), 'tripod-pooler-'));
  const port = await freePort();
  const file = join(directory, 'pgbouncer.ini');
  await writeFile(
    file,
    `[databases]
* = host=${socketDirectory} port=5432 auth_user=${username}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
pool_mode = transaction
auth_type = trust
auth_query = select usename, passwd from pg_shadow where usename = $1
default_pool_size = 20
max_client_conn = 2000
server_idle_timeout = 5
server_login_retry = 1
logfile = ${join(directory, 'log')}
`,
  );
  if (user) await chown(directory, user.uid, user.gid);
  const child = spawn(program, ['-q', file], { ...user, cwd: directory, stdio: 'ignore' });
  const exited = once(child, 'exit');
  const address = `127.0.0.1:${port}`;
  await untilReady(`postgresql://${username}@${address}/postgres`);
  return {
    address,
    stop: async () => {
      child.kill('SIGTERM');
      await exited;
      await rm(directory, { recursive: true });
    },
  };
}

async function untilReady(url: string): Promise<void> {
  for (const end = performance.now() + patience; ;) {
    try {
      await queryAt(url, 'select 1');
      return;
    } catch (error) {
      if (performance.now() > end) throw error;
      await wait(50);
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return port;
}
