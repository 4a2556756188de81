import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { redocly } from '../redocly.ts';
import type { Contract } from './contract.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '../..');
const main = 'openapi/openapi.yaml';

/** What stops the comparison and is not a mistake of this program. */
export class CannotCompare extends Error {}

/**
 * The contract as it was committed.
 * @param reference a commit, branch or tag
 * @param directory for scratch files
 * @throws {CannotCompare} where Git knows no such thing, or there is no contract in it
 */
export async function readContractAt(reference: string, directory: string): Promise<Contract> {
  const archive = join(directory, 'at.tar');
  const source = join(directory, 'at');
  await mkdir(source);
  try {
    const { stdout } = await git(
      'rev-parse',
      '--verify',
      '--quiet',
      '--end-of-options',
      `${reference}^{commit}`,
    );
    await git('archive', `--output=${archive}`, stdout.trim(), 'openapi');
  } catch (error) {
    throw new CannotCompare(`Git has no contract at ${reference}. Is it fetched?`, { cause: error });
  }
  await run('tar', ['-xf', archive, '-C', source]);
  return bundle(join(source, main), directory, 'before-bundle.json');
}

/** The contract as it is on disk. */
export function readContractHere(directory: string): Promise<Contract> {
  return bundle(join(root, main), directory, 'after-bundle.json');
}

/** Without our own decorators: they add to descriptions and what comes with every answer, and code of another commit is not to run. */
async function bundle(source: string, directory: string, name: string): Promise<Contract> {
  const output = join(directory, name);
  const settings = `${output}.redocly.yaml`;
  await writeFile(settings, 'telemetry: off\n');
  const { exitCode, stderr } = await redocly('bundle', source, '--config', settings, '--output', output);
  if (exitCode !== 0) throw new CannotCompare(`Redocly cannot bundle ${source}:\n${stderr}`);
  return JSON.parse(await readFile(output, 'utf8')) as Contract;
}

function git(...args: string[]): Promise<{ stdout: string }> {
  return run('git', args, { cwd: root });
}
