import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createTemplate } from './helpers/databases.ts';
import { faultTable } from './helpers/fault-report.ts';
import { isPoolerHere, startPooler, withoutPooler } from './helpers/pooler.ts';
import { startTestCluster } from './helpers/postgres.ts';

const ava = fileURLToPath(new URL('../node_modules/ava/entrypoints/cli.mjs', import.meta.url));
/** Looks at what all other files have exercised, so it comes last. */
const coverage = 'test/contract.test.ts';

const { values, positionals: given } = parseArgs({
  allowPositionals: true,
  // The trials in test/trials and the faults in test/faults in their full number, one file after the other.
  options: {
    full: { type: 'boolean', default: false },
    // The service reaches its database through a PgBouncer in transaction mode.
    pooled: { type: 'boolean', default: false },
    // Three instances of each service, to which requests go in turn.
    scaled: { type: 'boolean', default: false },
  },
});
if (values.pooled && !isPoolerHere) {
  console.error(withoutPooler);
  process.exit(1);
}
const alone = values.full ? ['--concurrency=1', '--timeout=30m'] : [];
/** Told to stop, ava tells what it waits for. */
const atMost = values.full ? {} : { timeout: 60 * 60_000, killSignal: 'SIGINT' as const };
const cluster = await startCluster();
const coverageDirectory = await mkdtemp(join(tmpdir(), 'tripod-coverage-'));
const faultsFile = `${coverageDirectory}.faults`;
const template = await createTemplate(cluster.url);
const pooler = values.pooled ? await startPooler(cluster.url) : undefined;
const environment = {
  TEST_DATABASE_URL: cluster.url,
  TEST_TEMPLATE: template.name,
  TEST_COVERAGE_DIR: coverageDirectory,
  TEST_FAULTS_FILE: faultsFile,
  ...(values.full ? { TEST_TRIALS: 'full' } : {}),
  ...(pooler ? { TEST_POOLER: pooler.address } : {}),
  ...(values.scaled ? { TEST_INSTANCES: '3' } : {}),
};
try {
  process.exitCode =
    given.length > 0
      ? await runAva(given)
      : (await runAva(['test/**/*.test.ts', `!${coverage}`])) || (await runAva([coverage]));
  if (values.full) console.log(faultTable(faultsFile));
} finally {
  await pooler?.stop();
  await template.drop();
  await cluster.stop();
  await rm(coverageDirectory, { recursive: true });
  await rm(faultsFile, { force: true });
}

async function startCluster(): Promise<{ url: string; stop(): Promise<void> }> {
  const url = process.env['TEST_DATABASE_URL'];
  return url === undefined ? startTestCluster() : { url, stop: () => Promise.resolve() };
}

function runAva(files: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [ava, ...alone, ...files], {
      ...atMost,
      stdio: 'inherit',
      env: { ...process.env, ...environment, NODE_ENV: 'test' },
    });
    child.on('error', reject).on('close', (code) => {
      resolve(code ?? 1);
    });
  });
}
