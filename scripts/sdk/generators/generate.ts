import { readdirSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { contractForGenerators } from './contract-for-generators.ts';
import { CannotGenerate, findGenerator, runGenerator } from './openapi-generator.ts';

const root = join(import.meta.dirname, '../../..');
const languages = join(import.meta.dirname, 'languages');

/** What clients can be generated: the languages that have settings. */
export const generators: readonly string[] = readdirSync(languages).map((file) => basename(file, '.yaml'));

/** Files that are of no use here: how to publish the client somewhere, and tests without content. */
const unwanted = ['git_push.sh', '.travis.yml', '.gitlab-ci.yml', '.github/**', 'appveyor.yml', 'test/**'];

/** What the generator calls things that have no name of their own. */
const madeUp = /\d{3}_?response|inner\b|_inner|one_?of|any_?of|all_?of|inline_?object|model_?\d{3}/i;

/** A document without fault: what is said of it, the generator has against itself. */
const faultless = {
  openapi: '3.0.3',
  info: { title: 'Faultless', version: '1.0.0', license: { name: 'None' } },
  paths: {
    '/text': {
      get: {
        operationId: 'getText',
        tags: ['Texts'],
        responses: {
          200: { description: 'A text.', content: { 'application/json': { schema: { type: 'string' } } } },
        },
      },
    },
  },
};

/**
 * Generates a client from the contract in dist/.
 * @returns its folder
 * @throws {CannotGenerate} also when there is a warning, or a name had to be made up
 */
export async function generateClient(name: string): Promise<string> {
  const generator = await findGenerator();
  const contract = JSON.parse(await readFile(join(root, 'dist/openapi.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { version } = contract['info'] as { version: string };
  // Each language calls it differently, and overlooks what others call it.
  const versions = ['package', 'artifact', 'pod', 'pub']
    .map((prefix) => `${prefix}Version=${version}`)
    .join();
  const folder = join(root, 'dist/sdk', name);
  const scratch = await mkdtemp(join(tmpdir(), 'sdk-'));
  const generate = async (document: unknown, output: string) => {
    const input = join(scratch, 'openapi.json');
    await writeFile(input, JSON.stringify(document));
    const log = await runGenerator(
      generator,
      ...['generate', '--input-spec', input, '--output', output],
      ...['--config', join(languages, `${name}.yaml`)],
      ...['--openapi-generator-ignore-list', unwanted.join(',')],
      ...['--global-property', 'apiTests=false,modelTests=false'],
      ...['--git-host', 'example.org', '--git-user-id', 'tripod', '--git-repo-id', 'client'],
      ...['--http-user-agent', `tripod-client/${version} (${name})`],
      ...['--additional-properties', versions],
    );
    return complaintsIn(log);
  };
  try {
    await rm(folder, { recursive: true, force: true });
    const complaints = await generate(contractForGenerators(contract), folder);
    if (complaints.length > 0) {
      const itsOwn = new Set(await generate(faultless, join(scratch, 'faultless')));
      const ours = complaints.filter((line) => !itsOwn.has(line));
      if (ours.length > 0) throw new CannotGenerate(`openapi-generator complains:\n${ours.join('\n')}`);
    }
    const files = await readdir(folder, { recursive: true });
    const unnatural = files.filter((file) => madeUp.test(file));
    if (unnatural.length > 0)
      throw new CannotGenerate(`Give a schema of its own to what is called here:\n${unnatural.join('\n')}`);
    return folder;
  } finally {
    await rm(scratch, { recursive: true });
  }
}

/** All that is neither information nor its plea for donations. */
function complaintsIn(log: string): string[] {
  const lines = log.split('\n').filter((line) => line.trim() !== '' && !/^(\[\S+\] INFO |#)/.test(line));
  return [...new Set(lines)];
}
