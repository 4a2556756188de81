import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { compareContracts } from './contract-diff/compare.ts';
import type { Contract } from './contract-diff/contract.ts';
import { runOasdiff, ShapesUnknown } from './contract-diff/oasdiff.ts';
import { CannotCompare, readContractAt, readContractHere } from './contract-diff/read-contract.ts';
import { consents, refusalsOf, type Consent } from './contract-diff/refusals.ts';
import { report } from './contract-diff/report.ts';

const usage = `Please name a commit, branch or tag to compare with:
  npm run contract:diff -- origin/main [--allow breaking,widening] [--rights-only]`;

const { reference, allowed, rightsOnly } = readArguments();
const directory = await mkdtemp(join(tmpdir(), 'contract-diff-'));
try {
  const [before, after] = await Promise.all([
    readContractAt(reference, directory),
    readContractHere(directory),
  ]);
  let gap = rightsOnly ? 'Shapes were not to be compared.' : undefined;
  const findShapes = async (...contracts: [Contract, Contract]) => {
    if (rightsOnly) return [];
    try {
      return await runOasdiff(...contracts, directory);
    } catch (error) {
      if (!(error instanceof ShapesUnknown)) throw error;
      gap = `Shapes were not compared. ${error.message}`;
      return [];
    }
  };
  const today = new Date().toISOString().slice(0, 10);
  const comparison = await compareContracts(before, after, findShapes, today);
  const refusals = refusalsOf(comparison, allowed, rightsOnly || gap === undefined);
  process.stdout.write(report(reference, comparison, refusals, gap));
  process.exitCode = refusals.reduce((sum, { code }) => sum + code, 0);
} catch (error) {
  if (!(error instanceof CannotCompare)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(directory, { recursive: true, force: true });
}

function readArguments(): { reference: string; allowed: Consent[]; rightsOnly: boolean } {
  // An unknown option or one without its value is as good as none: the usage says what to do.
  const { values, positionals } = parseArgs({
    options: { allow: { type: 'string', default: '' }, 'rights-only': { type: 'boolean', default: false } },
    allowPositionals: true,
    strict: false,
  });
  const { allow, 'rights-only': rightsOnly, ...unknown } = values;
  const allowed = String(allow).split(',').filter(Boolean);
  const isKnown = (each: string): each is Consent => each in consents;
  const [reference, ...rest] = positionals;
  if (
    reference !== undefined &&
    rest.length === 0 &&
    typeof rightsOnly === 'boolean' &&
    Object.keys(unknown).length === 0 &&
    allowed.every(isKnown)
  )
    return { reference, allowed, rightsOnly };
  console.error(usage);
  process.exit(1);
}
