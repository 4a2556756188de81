import { cp, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseDocument } from 'yaml';
import { redocly } from '../../scripts/redocly.ts';

/** What to set in a file of the good contract; `undefined` removes it. */
export type Edit = readonly [file: string, path: readonly (string | number)[], value: unknown];

export interface Problem {
  readonly rule: string;
  readonly message: string;
  /** File and pointer within the sample. */
  readonly at: string;
}

interface LintReport {
  readonly problems: {
    readonly ruleId: string;
    readonly message: string;
    readonly location: { readonly source: { readonly ref: string }; readonly pointer: string }[];
  }[];
}

const goodContract = new URL('../fixtures/contract', import.meta.url);

/** Copies the good contract and edits it; gives the path of its main file. */
export async function writeSample(directory: string, edits: readonly Edit[]): Promise<string> {
  await cp(goodContract, directory, { recursive: true });
  for (const [file, path, value] of edits) {
    const document = parseDocument(await readFile(join(directory, file), 'utf8'));
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
    await writeFile(join(directory, file), String(document));
  }
  return join(directory, 'openapi.yaml');
}

/** Lints all samples in one run; gives the problems of each, in the same order. */
export async function lintSamples(mainFiles: readonly string[]): Promise<Problem[][]> {
  const { stdout, stderr } = await redocly('lint', ...mainFiles, '--format=json', '--max-problems=1000');
  const reports = JSON.parse(`[${stdout.replaceAll('\n}{\n', '\n},{\n')}]`) as LintReport[];
  if (reports.length !== mainFiles.length) throw new Error(`redocly lint failed\n${stderr}`);
  return reports.map(({ problems }, index) => {
    const name = basename(dirname(mainFiles[index] ?? ''));
    return problems.map(({ ruleId, message, location: [place] }) => ({
      rule: ruleId,
      message,
      at: `${place?.source.ref.split(`/${name}/`).at(-1) ?? ''}${place?.pointer ?? ''}`,
    }));
  });
}
