import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startEmbeddedDatabase, type EmbeddedDatabase } from '../src/core/embedded-database.ts';
import { lintMigrations } from './lint-migrations/lint.ts';
import { findRunningVersion, NoRunningVersion } from './lint-migrations/running-version.ts';

const root = join(import.meta.dirname, '..');
/** Set by GitHub for a pull request. */
const pullRequestBase = process.env['GITHUB_BASE_REF'];
let directory: string | undefined;
let cluster: EmbeddedDatabase | undefined;

try {
  const running = await findRunningVersion(root, pullRequestBase);
  const findings = await lintMigrations(root, running, startCluster);
  for (const { migration, rule, message } of findings)
    console.error(`migrations/${migration} (${rule}) ${message}`);
  if (findings.length > 0) console.error('migrations/README.md says how to write one.');
  process.exitCode = findings.length > 0 ? 1 : 0;
} catch (error) {
  if (!(error instanceof NoRunningVersion)) throw error;
  console.error(error.message);
  // A pull request may not land unseen; elsewhere there need not be a Git.
  process.exitCode = pullRequestBase ? 1 : 0;
} finally {
  await cluster?.stop();
  if (directory !== undefined) await rm(directory, { recursive: true, force: true });
}

async function startCluster(): Promise<string> {
  directory = await mkdtemp(join(tmpdir(), 'tripod-lint-'));
  cluster = await startEmbeddedDatabase({ directory, durable: false });
  return cluster.url;
}
