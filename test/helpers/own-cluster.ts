import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '../../src/core/embedded-database.ts';

/** A PostgreSQL that may be stopped and killed without harm to other tests. */
export interface OwnCluster {
  /** Straight to it, past everything that is put in between. */
  readonly url: string;
  readonly stop: () => Promise<void>;
  /** All of its processes end at once, without any farewell. */
  readonly kill: () => Promise<void>;
  /** Ready when it takes connections. */
  readonly start: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

export async function startOwnCluster(): Promise<OwnCluster> {
  const directory = await mkdtemp(join(tmpdir(), `tripod-faults-${process.pid}-`));
  let database = await startEmbeddedDatabase({ directory, durable: false });
  const { url } = database;
  const stop = () => database.stop();

  return {
    url,
    stop,
    kill: async () => {
      const pidFile = await readFile(join(directory, 'postgresql/postmaster.pid'), 'utf8');
      process.kill(Number(pidFile.split('\n')[0]), 'SIGKILL');
      // Its children end when they notice.
      await stop();
    },
    start: async () => {
      database = await startEmbeddedDatabase({ directory, durable: false });
    },
    remove: async () => {
      await stop();
      await rm(directory, { recursive: true, maxRetries: 5 });
    },
  };
}
