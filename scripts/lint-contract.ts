import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { redocly } from './redocly.ts';
import type { Run } from './run-node.ts';
import { spectral } from './spectral.ts';

const contract = 'openapi/openapi.yaml';

const runs = await Promise.all([redocly('lint', contract, ...process.argv.slice(2)), lintBundle()]);
for (const { exitCode, stdout, stderr } of runs) {
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  if (exitCode !== 0) process.exitCode = 1;
}

/** Spectral sees what everyone gets: the contract in one file, with all that is added on the way there. */
async function lintBundle(): Promise<Run> {
  const directory = await mkdtemp(join(tmpdir(), 'contract-'));
  try {
    const bundle = join(directory, 'openapi.json');
    const bundled = await redocly('bundle', contract, '--output', bundle);
    return bundled.exitCode === 0 ? await spectral(bundle) : bundled;
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}
