import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { rolesPage, type DescribedContract } from './docs/roles-page.ts';
import { make, newest, root, within } from './make.ts';
import { redocly } from './redocly.ts';
import { clientKnowledge, type PublishedContract } from './sdk/typescript/knowledge.ts';

const contract = join(root, 'openapi/openapi.yaml');
const template = join(root, 'scripts/docs/redoc.html');
const bundle = join(root, 'dist/openapi.json');

const header = `// Generated from openapi/openapi.yaml by \`npm run generate\`: change the contract, not this file.\n\n`;
const logo = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" width="56" height="16"><text y="13" font-size="13" font-family="sans-serif" fill="gray">Redocly</text></svg>',
)}`;

/** Milliseconds since the epoch. */
async function newestInput(): Promise<number> {
  return newest([
    ...(await within('openapi')),
    ...['redocly.yaml', 'package-lock.json'],
    ...['deprecation', 'rate-limit', 'required-role'].map((name) => `src/http/${name}.ts`),
    ...['generate', 'make', 'redocly', 'sdk/typescript/knowledge'].map((name) => `scripts/${name}.ts`),
    ...(await within('scripts/docs')),
  ]);
}

async function tellOf(name: string, since: number, write: (path: string) => Promise<void>): Promise<void> {
  const milliseconds = await make(name, since, write);
  console.log(`${name}: ${milliseconds === undefined ? 'up to date' : `${Math.round(milliseconds)} ms`}`);
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

let types: Promise<string> | undefined;
function contractTypes(): Promise<string> {
  return (types ??= makeContractTypes());
}

async function makeContractTypes(): Promise<string> {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  const text = await readFile(bundle, 'utf8');
  // What has a default need not be sent.
  return astToString(await openapiTS(text, { silent: true, defaultNonNullable: false }));
}

async function writeTypes(path: string): Promise<void> {
  const { paths } = JSON.parse(await readFile(bundle, 'utf8')) as Bundle;
  const publicOperations = Object.values(paths)
    .flatMap((item) => Object.values(item))
    .filter((operation) => operation['x-required-role'] === 'public')
    .map(({ operationId = '' }) => `\n  | '${operationId}'`);
  const publicIds = publicOperations.length > 0 ? publicOperations.join('') : ' never';
  await writeFile(
    path,
    `${header}${await contractTypes()}\n/** Called without a token: nobody is known there. */\nexport type PublicOperationId =${publicIds};\n`,
  );
}

async function writeClientContract(path: string): Promise<void> {
  const known = clientKnowledge(JSON.parse(await readFile(bundle, 'utf8')) as PublishedContract);
  await writeFile(path, `${header}${await contractTypes()}\n${known}`);
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
  await tellOf('dist/openapi.json', since, async (path) => {
    // The generator of types takes as long to load as the contract to bundle.
    await Promise.all([runRedocly('bundle', contract, '--output', path), import('openapi-typescript')]);
  });
  await tellOf('src/generated/openapi.ts', since, writeTypes);
  await tellOf('scripts/sdk/typescript/src/generated/contract.ts', since, writeClientContract);
  await tellOf('dist/roles.html', since, writeRoles);
  await tellOf('dist/openapi.yaml', since, writeYaml);
}

const since = await newestInput();
const results = await Promise.allSettled([
  makeBundleAndWhatFollows(since),
  tellOf('dist/docs.html', since, writeDocs),
]);
for (const result of results) {
  if (result.status === 'rejected') {
    console.error(result.reason instanceof Error ? result.reason.message : result.reason);
    process.exitCode = 1;
  }
}
