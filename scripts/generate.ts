import { mkdir, readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolesPage, type DescribedContract } from './docs/roles-page.ts';
import { redocly } from './redocly.ts';

const root = join(import.meta.dirname, '..');
const contract = join(root, 'openapi/openapi.yaml');
const template = join(root, 'scripts/docs/redoc.html');
const bundle = join(root, 'dist/openapi.json');

const header = `// Generated from openapi/openapi.yaml by \`npm run generate\`: change the contract, not this file.\n\n`;
const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="56" height="16"><text y="13" font-size="13" font-family="sans-serif" fill="gray">Redocly</text></svg>',
)}`;

/** Milliseconds since the epoch; directories count too, so that a deleted file shows. */
async function newestInput(): Promise<number> {
  const inContract = await readdir(join(root, 'openapi'), { recursive: true });
  const paths = [
    'openapi',
    ...inContract.map((path) => join('openapi', path)),
    ...['redocly.yaml', 'package-lock.json'],
    ...['deprecation', 'rate-limit', 'required-role'].map((name) => `src/http/${name}.ts`),
    ...['scripts/generate.ts', 'scripts/redocly.ts'],
    ...(await readdir(join(root, 'scripts/docs'))).map((name) => join('scripts/docs', name)),
  ];
  const changes = await Promise.all(paths.map(async (path) => (await stat(join(root, path))).mtimeMs));
  return Math.max(...changes);
}

async function isFresh(output: string, since: number): Promise<boolean> {
  try {
    return (await stat(output)).mtimeMs > since;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}

/** The output appears whole or not at all, so that an interrupted run never looks fresh. */
async function make(name: string, since: number, write: (path: string) => Promise<void>): Promise<void> {
  const output = join(root, name);
  const started = performance.now();
  if (await isFresh(output, since)) {
    console.log(`${name}: up to date`);
    return;
  }
  const scratch = join(root, 'dist', `.${process.pid}`);
  await mkdir(scratch, { recursive: true });
  await mkdir(join(output, '..'), { recursive: true });
  const unfinished = join(scratch, name.replaceAll('/', '-'));
  const asOf = new Date();
  await write(unfinished);
  // As old as its inputs are known to be: one that changes meanwhile makes it stale.
  await utimes(unfinished, asOf, asOf);
  await rename(unfinished, output);
  console.log(`${name}: ${Math.round(performance.now() - started)} ms`);
}

async function runRedocly(...args: string[]): Promise<void> {
  const { exitCode, stdout, stderr } = await redocly(...args);
  if (exitCode !== 0) throw new Error(`redocly ${args.join(' ')} failed\n${stdout}${stderr}`);
}

async function writeYaml(path: string): Promise<void> {
  const { stringify } = await import('yaml');
  await writeFile(
    path,
    stringify(JSON.parse(await readFile(bundle, 'utf8')), { aliasDuplicateObjects: false }),
  );
}

interface Bundle {
  readonly paths: Record<string, Record<string, { operationId?: string; 'x-required-role'?: unknown }>>;
}

async function writeTypes(path: string): Promise<void> {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const text = await readFile(bundle, 'utf8');
  const { paths } = JSON.parse(text) as Bundle;
  const publicOperations = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter((operation) => operation['x-required-role'] === 'public')
    .map(({ operationId = '' }) => `\n  | '${operationId}'`);
  const types = astToString(await openapiTS(text, { silent: true, defaultNonNullable: false }));
  const publicIds = publicOperations.length > 0 ? publicOperations.join('') : ' never';
  await writeFile(
    path,
    `${header}${types}\n/** Called without a token: nobody is known there. */\nexport type PublicOperationId =${publicIds};\n`,
  );
}

async function writeDocs(path: string): Promise<void> {
  await runRedocly('build-docs', contract, '--inlineBundle', '--template', template, '--output', path);
  const page = (await readFile(path, 'utf8'))
    // Redoc's only outside request is for its logo, in a corner: its name in letters does as well.
    .replaceAll(/https:\/\/cdn\.redoc\.ly\/redoc\/logo-[a-z-]+\.svg/g, logo)
    // It prerenders its links as paths, and follows them as fragments once it runs.
    .replaceAll(/(<a [^>]*href=")\/(?!docs\/|openapi\.)/g, '$1#/');
  await writeFile(path, page);
}

async function writeRoles(path: string): Promise<void> {
  const contract = JSON.parse(await readFile(bundle, 'utf8')) as DescribedContract;
  await writeFile(path, await rolesPage(contract));
}

async function makeBundleAndWhatFollows(since: number): Promise<void> {
  await make('dist/openapi.json', since, async (path) => {
    // The generator of types takes as long to load as the contract to bundle.
    await Promise.all([runRedocly('bundle', contract, '--output', path), import('openapi-typescript')]);
  });
  await make('src/generated/openapi.ts', since, writeTypes);
  await make('dist/roles.html', since, writeRoles);
  await make('dist/openapi.yaml', since, writeYaml);
}

const since = await newestInput();
const results = await Promise.allSettled([
  makeBundleAndWhatFollows(since),
  make('dist/docs.html', since, writeDocs),
]);
await rm(join(root, 'dist', `.${process.pid}`), { recursive: true, force: true });
for (const result of results) {
  if (result.status === 'rejected') {
    console.error(result.reason instanceof Error ? result.reason.message : result.reason);
    process.exitCode = 1;
  }
}
