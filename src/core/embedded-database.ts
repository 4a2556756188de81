import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { postgresBinaries } from './embedded-database/binaries.ts';
import { type Cluster, createCluster, serverSettings } from './embedded-database/cluster.ts';
import { connectionUrl, isAcceptingConnections } from './embedded-database/connection.ts';
import {
  clusterDirectory,
  prepareDataDirectory,
  prepareSocketDirectory,
} from './embedded-database/directories.ts';
import { launchPostmaster, type Postmaster, postmasterState } from './embedded-database/postmaster.ts';

export { defaultDataDirectory } from './embedded-database/directories.ts';

export interface EmbeddedDatabase {
  readonly url: string;
  readonly dataDirectory: string;
  /** Leaves alone a database that was adopted. */
  stop(): Promise<void>;
}

const patience = 60_000;

/**
 * Starts, or adopts if it runs already, the PostgreSQL that keeps its data in `directory`, reached through a unix
 * socket only. It stops with the process that started it. Without `durable`, a power cut may cost the data.
 * @throws {Error} in one sentence that names the setting to change, or with the end of the server's log.
 */
export async function startEmbeddedDatabase(options: {
  directory: string;
  durable?: boolean;
}): Promise<EmbeddedDatabase> {
  const { durable = true } = options;
  const { path, user } = await prepareDataDirectory(options.directory);
  const directory = clusterDirectory(path);
  const cluster: Cluster = {
    directory,
    socketDirectory: await prepareSocketDirectory(directory, user),
    logFile: join(path, 'postgresql.log'),
    binaries: await postgresBinaries(user),
    user,
  };
  await createCluster(cluster, durable);
  const postmaster = await launchOrAdopt(cluster, serverSettings(cluster, durable));
  return {
    url: connectionUrl(cluster, 'tripod'),
    dataDirectory: path,
    stop: async () => {
      await postmaster?.stop();
    },
  };
}

/** Undefined when another process runs it already. */
async function launchOrAdopt(cluster: Cluster, settings: readonly string[]): Promise<Postmaster | undefined> {
  const deadline = Date.now() + patience;
  let postmaster: Postmaster | undefined;
  for (;;) {
    const state = postmasterState(cluster);
    if (state === 'ready' && (await isAcceptingConnections(cluster))) return postmaster;
    if (Date.now() > deadline) break;
    if (postmaster?.hasExited()) {
      if (!isAnotherInTheWay(postmaster.output())) break;
      postmaster = undefined;
      await sleep(100);
      continue;
    }
    if (state === 'absent') postmaster ??= launchPostmaster(cluster, settings);
    await Promise.race([sleep(20), postmaster?.exited ?? sleep(20)]);
  }
  await postmaster?.stop();
  const lastLines = postmaster?.output().trimEnd().split('\n').slice(-10).join('\n');
  throw new Error(
    `PostgreSQL did not start; ${cluster.logFile} ends with\n${lastLines ?? '(another process started it)'}`,
  );
}

/** Started at the same moment, or killed and not quite gone. */
function isAnotherInTheWay(output: string): boolean {
  return /lock file "[^"]+" (?:already exists|is empty)|pre-existing shared memory block/.test(output);
}
