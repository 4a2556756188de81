import { spawnSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { generateClient, generators } from './sdk/generators/generate.ts';
import { CannotGenerate, findGenerator } from './sdk/generators/openapi-generator.ts';
import { buildTypescriptClient } from './sdk/typescript/build.ts';
import { languages } from './sdk-smoke/languages.ts';
import { startSmokeService } from './sdk-smoke/service.ts';
import { openWorkshop } from './sdk-smoke/workshop.ts';

/** What was done for a language and how long it took in seconds, or why it was not. */
type Row = Record<'language' | 'files' | 'generate' | 'compile' | 'run', string>;

class NotTried extends Error {}

const all = [...new Set([...Object.keys(languages), ...generators])];
const named = process.argv.slice(2);
if (!named.every((name) => all.includes(name))) {
  console.error(`Please name languages, or none for all of them: npm run sdk:smoke -- ${all.join(' ')}`);
  process.exit(1);
}

const service = await startSmokeService();
const rows: Row[] = [];
try {
  for (const [index, name] of (named.length > 0 ? named : all).entries())
    rows.push(await tryLanguage(name, index));
} finally {
  await service.stop();
}
console.log(`\n${table(rows)}`);

async function tryLanguage(language: string, index: number): Promise<Row> {
  const row: Row = { language, files: '', generate: '', compile: '', run: '' };
  let step: 'generate' | 'compile' | 'run' = 'generate';
  const timed = async <Result>(next: typeof step, work: () => Promise<Result>): Promise<Result> => {
    step = next;
    process.stderr.write(`${language}: ${step}\n`);
    const started = performance.now();
    const result = await work();
    row[step] = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    return result;
  };
  const { needs, compile, command } = languages[language] ?? {};
  try {
    const client = await timed('generate', () => build(language));
    row.files = client.endsWith('.tgz') ? 'a package' : String(await countFiles(client));
    if (!needs || !compile) return { ...row, compile: 'no', run: 'no' };
    step = 'compile';
    if (spawnSync(needs, ['--help']).error) throw new NotTried(`no ${needs}`);
    const name = `Smoke of ${language}`;
    const environment = service.environmentOf(name, `qa${String.fromCharCode(97 + index)}`);
    const workshop = await openWorkshop(language, client, { ...process.env, ...environment });
    await timed('compile', () => compile(workshop));
    if (!command) return { ...row, run: 'no' };
    await timed('run', () => service.watch(name, () => workshop.run(...command)));
    return row;
  } catch (error) {
    const isExpected =
      named.includes(language) || (process.env['GITHUB_ACTIONS'] === 'true' && command !== undefined);
    if (error instanceof NotTried && !isExpected) return { ...row, [step]: `NOT TRIED: ${error.message}` };
    console.error(`${language}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
    return { ...row, [step]: 'FAILED' };
  }
}

async function build(language: string): Promise<string> {
  if (language === 'typescript') return buildTypescriptClient();
  try {
    await findGenerator();
  } catch (error) {
    throw error instanceof CannotGenerate ? new NotTried(error.message) : error;
  }
  return generateClient(language);
}

async function countFiles(folder: string): Promise<number> {
  return (await readdir(folder, { recursive: true, withFileTypes: true })).filter((each) => each.isFile())
    .length;
}

function table(rows: readonly Row[]): string {
  const lines = [
    { language: 'Language', files: 'Files', generate: 'Generate', compile: 'Compile', run: 'Run' },
    ...rows,
  ];
  const columns = ['language', 'files', 'generate', 'compile', 'run'] as const;
  const widths = columns.map((column) => Math.max(...lines.map((line) => line[column].length)));
  return lines
    .map((line) =>
      columns
        .map((column, at) => line[column].padEnd(widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
