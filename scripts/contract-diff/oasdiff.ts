import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Contract } from './contract.ts';

const run = promisify(execFile);

export const oasdiffModule = 'github.com/oasdiff/oasdiff@v1.35.0';

/** One of oasdiff's findings. */
export interface Finding {
  readonly id: string;
  readonly text: string;
  /** 1 information, 2 warning, 3 error. */
  readonly level: number;
  readonly operation?: string;
  readonly path?: string;
}

/** Why shapes could not be compared, for people. */
export class ShapesUnknown extends Error {}

/**
 * Compares shapes with oasdiff: the one that `OASDIFF` names, the one on the path, or one that Go gets.
 * @param directory for scratch files; nothing else there may be meant for oasdiff, which reads its settings from it
 * @throws {ShapesUnknown}
 */
export async function runOasdiff(before: Contract, after: Contract, directory: string): Promise<Finding[]> {
  const files = ['before.json', 'after.json'].map((name) => join(directory, name));
  await Promise.all(
    [before, after].map((contract, index) => writeFile(files[index] ?? '', JSON.stringify(contract))),
  );
  const options = ['changelog', '--format=json', '--flatten-params', '--allow-external-refs=false', ...files];
  for (const [program, ...first] of candidates()) {
    try {
      const { stdout } = await run(program, [...first, ...options], { cwd: directory, maxBuffer: 2 ** 28 });
      return JSON.parse(stdout || '[]') as Finding[];
    } catch (error) {
      const { code, stderr } = error as NodeJS.ErrnoException & { readonly stderr?: string };
      if (code === 'ENOENT') continue;
      throw new ShapesUnknown(`oasdiff failed: ${stderr?.trim() ?? String(error)}`, { cause: error });
    }
  }
  throw new ShapesUnknown(
    `There is no oasdiff here, and no Go to get it with. \`go install ${oasdiffModule}\` puts it on the path; so do the binaries of its releases.`,
  );
}

function candidates(): (readonly [program: string, ...first: string[]])[] {
  const named = process.env['OASDIFF'];
  return named ? [[named]] : [['oasdiff'], ['go', 'run', oasdiffModule]];
}
