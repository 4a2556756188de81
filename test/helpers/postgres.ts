import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase } from '../../src/core/embedded-database.ts';
import { isProcessAlive } from '../../src/core/embedded-database/processes.ts';

const prefix = 'tripod-test-';

/** One throw-away cluster (durable: false) in the system's temp folder; sweeps folders of dead runs first. */
export async function startTestCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  await removeDeadRuns();
  const directory = await mkdtemp(join(tmpdir(), `${prefix}${process.pid}-`));
  const database = await startEmbeddedDatabase({ directory, durable: false });
  return {
    url: database.url,
    stop: async () => {
      await database.stop();
      await rm(directory, { recursive: true });
    },
  };
}

async function removeDeadRuns() {
  for (const name of await readdir(tmpdir())) {
    const run = new RegExp(`^${prefix}(\\d+)-`).exec(name)?.[1];
    if (run === undefined || isProcessAlive(Number(run))) continue;
    const directory = join(tmpdir(), name);
    if ((await stat(directory)).uid !== process.getuid?.()) continue;
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}
