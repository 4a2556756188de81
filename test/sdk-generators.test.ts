import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { contractForGenerators } from '../scripts/sdk/generators/contract-for-generators.ts';
import { generateClient, generators } from '../scripts/sdk/generators/generate.ts';
import {
  CannotGenerate,
  findGenerator,
  generatorVersion,
} from '../scripts/sdk/generators/openapi-generator.ts';
import { redocly } from '../scripts/redocly.ts';
import { runProgram } from './helpers/run-program.ts';

const root = join(import.meta.dirname, '..');
const bundle = JSON.parse(await readFile(join(root, 'dist/openapi.json'), 'utf8')) as Record<string, unknown>;
const scratch = await mkdtemp(join(tmpdir(), 'sdk-generators-'));
test.after.always(async () => {
  await rm(scratch, { recursive: true });
  // What the stand-ins left in place of a client.
  await rm(join(root, 'dist/sdk/dart'), { recursive: true, force: true });
});

test('clients are generated in nine languages', (t) => {
  t.deepEqual(generators, ['csharp', 'dart', 'go', 'java', 'kotlin', 'php', 'python', 'rust', 'swift']);
});

test('the contract for generators is OpenAPI 3.0, and lacks nothing that it refers to', async (t) => {
  const [file, config] = [join(scratch, 'openapi.json'), join(scratch, 'redocly.yaml')];
  await writeFile(file, JSON.stringify(contractForGenerators(bundle)));
  // Beside a reference there is no type, and generators look for null there all the same.
  const rules = '{ no-ambiguous-paths: off, nullable-type-sibling: off }';
  await writeFile(config, `extends: [spec]\nrules: ${rules}\n`);
  const { exitCode, stdout, stderr } = await redocly('lint', file, '--config', config);
  t.is(exitCode, 0, stdout + stderr);
});

test('the contract for generators says in 3.0, and for good clients, what the contract says', (t) => {
  const { paths, components, ...rest } = contractForGenerators({
    openapi: '3.1.0',
    info: {
      title: 'Shapes',
      version: '2.0.0',
      summary: 'Short.',
      description: 'Long.',
      license: { name: 'None', identifier: 'None' },
    },
    paths: {
      '/shapes': {
        get: {
          operationId: 'listShapes',
          responses: {
            200: { description: 'All.' },
            304: { $ref: '#/components/responses/NotModified' },
            404: { $ref: '#/components/responses/NotFound' },
            503: { description: 'Of another form.' },
          },
        },
      },
    },
    components: {
      responses: { NotModified: { description: 'The same.' }, NotFound: { description: 'None.' } },
      schemas: {
        Counts: { type: 'object', additionalProperties: { type: 'integer' } },
        Names: { type: 'array', items: { type: 'string' } },
        Kind: { type: 'string', enum: ['round', 'square'] },
        Action: { type: 'string', 'x-may-grow': true, enum: ['drawn'] },
        Shape: {
          type: 'object',
          dependentRequired: { type: ['const'] },
          properties: {
            type: { type: ['string', 'null'], enum: ['a', null] },
            const: { type: 'string', const: 'shape' },
            examples: { $ref: '#/components/schemas/Names' },
            counts: { $ref: '#/components/schemas/Counts' },
            action: { $ref: '#/components/schemas/Action' },
            kind: { $ref: '#/components/schemas/Kind', description: 'Its kind.' },
            other: { oneOf: [{ $ref: '#/components/schemas/Kind' }, { type: 'null' }] },
          },
          examples: [{ type: null, const: 'shape' }],
        },
      },
    },
  });
  t.deepEqual(rest, {
    openapi: '3.0.3',
    info: {
      ...{ title: 'Shapes', version: '2.0.0', description: 'Short.', license: { name: 'None' } },
      contact: { name: 'Tripod', email: 'tripod@example.org' },
    },
  });
  const { responses } = (paths as { '/shapes': { get: { responses: unknown } } })['/shapes'].get;
  t.deepEqual(responses, {
    200: { description: 'All.' },
    304: { $ref: '#/components/responses/NotModified' },
    503: { description: 'Of another form.' },
    default: { $ref: '#/components/responses/Problem' },
  });
  t.deepEqual((components as { schemas: unknown }).schemas, {
    Kind: { type: 'string', enum: ['round', 'square'] },
    Action: { type: 'string', 'x-may-grow': true },
    Shape: {
      type: 'object',
      properties: {
        type: { type: 'string', nullable: true, enum: ['a'] },
        const: { type: 'string' },
        examples: { type: 'array', items: { type: 'string' } },
        counts: { type: 'object', additionalProperties: { type: 'integer' } },
        action: { $ref: '#/components/schemas/Action' },
        kind: { description: 'Its kind.', allOf: [{ $ref: '#/components/schemas/Kind' }] },
        other: { nullable: true, allOf: [{ $ref: '#/components/schemas/Kind' }] },
      },
      example: { type: null, const: 'shape' },
    },
  });
});

test('an enumeration that several use has a name, so that clients have one type for it', (t) => {
  const places = new Map<string, string[]>();
  const look = (value: unknown, path: readonly string[]) => {
    if (typeof value !== 'object' || value === null) return;
    const { enum: values } = value as { enum?: unknown };
    const isNamed = path.length === 3 && path[1] === 'schemas';
    if (Array.isArray(values) && !isNamed) {
      const key = values.filter((each) => each !== null).join(' ');
      places.set(key, [...(places.get(key) ?? []), path.join('/')]);
    }
    for (const [key, member] of Object.entries(value)) look(member, [...path, key]);
  };
  look(bundle['paths'], ['paths']);
  look(bundle['components'], ['components']);
  t.true(places.size > 5);
  t.deepEqual(
    [...places.values()].filter(({ length }) => length > 1),
    [],
  );
});

/** Stands for Java and the generator: what only matters is what they print, and which files they make. */
async function standIn(version: string, script: string): Promise<string> {
  const directory = await mkdtemp(join(scratch, 'bin-'));
  const programs = {
    java: 'exit 0',
    'openapi-generator': `if [ "$1" = version ]; then echo ${version}; exit 0; fi; output="$5"; ${script}`,
  };
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(directory, name), `#!/bin/sh\n${body}\n`);
    await chmod(join(directory, name), 0o755);
  }
  return `${directory}:/usr/bin:/bin`;
}

const makeClient = 'mkdir -p "$output"; touch "$output/Project.dart"';

test.serial('a client of which nothing bad is said is there', async (t) => {
  const PATH = await standIn(
    generatorVersion,
    `echo '[main] INFO  o.o - Writing'; echo '# Thanks'; ${makeClient}`,
  );
  const { code, stdout, stderr } = await runProgram('scripts/sdk.ts', { PATH }, ['dart']);
  t.is(code, 0, stderr);
  t.deepEqual(await readdir(stdout.trim()), ['Project.dart']);
});

test.serial('a warning is no client, and is told of', async (t) => {
  const warning = '[main] WARN  o.o - Two operations are called "$output"';
  const PATH = await standIn(generatorVersion, `echo "${warning}"; ${makeClient}`);
  const { code, stderr } = await runProgram('scripts/sdk.ts', { PATH }, ['dart']);
  t.is(code, 1);
  t.regex(stderr, /^openapi-generator complains:\n\[main\] WARN {2}o\.o - Two operations are called/);
});

test.serial('a warning that a document without fault gives too is the generator’s own affair', async (t) => {
  const PATH = await standIn(generatorVersion, `echo '[main] WARN  o.o - null' >&2; ${makeClient}`);
  const { code, stderr } = await runProgram('scripts/sdk.ts', { PATH }, ['dart']);
  t.is(code, 0, stderr);
});

test.serial('a name that the generator had to make up is no client, and is told of', async (t) => {
  const names = [
    'list_projects_200_response_inner.dart',
    'PhasesInner.dart',
    'shape_one_of.dart',
    'Model400.dart',
  ];
  const made = names.map((name) => `touch "$output/${name}"`).join('; ');
  const PATH = await standIn(generatorVersion, `${makeClient}; ${made}`);
  const { code, stderr } = await runProgram('scripts/sdk.ts', { PATH }, ['dart']);
  t.is(code, 1);
  const [first, ...told] = stderr.trim().split('\n');
  t.is(first, 'Give a schema of its own to what is called here:');
  t.deepEqual(told.sort(), names.sort());
});

test.serial('a generator that fails is told of in its own words', async (t) => {
  const PATH = await standIn(generatorVersion, 'echo Sorry >&2; exit 3');
  const { code, stderr } = await runProgram('scripts/sdk.ts', { PATH }, ['dart']);
  t.is(code, 1);
  t.is(stderr, 'openapi-generator failed:\nSorry\n\n');
});

test('what is missing is told of in one line that says how to get it', async (t) => {
  const complaint = async (environment: Record<string, string>) => {
    const { code, stdout, stderr } = await runProgram('scripts/sdk.ts', environment, ['dart']);
    t.is(code, 1);
    t.is(stdout, '');
    return stderr;
  };
  const other = await standIn('7.25.0', '');
  const getIt = `pipx install openapi-generator-cli==${generatorVersion}, or let OPENAPI_GENERATOR name its jar or its command.\n`;
  t.is(
    await complaint({ PATH: scratch }),
    'Clients are generated by a Java program: please install Java 11 or later.\n',
  );
  t.is(
    await complaint({ PATH: other }),
    `openapi-generator ${generatorVersion} is needed, not 7.25.0: ${getIt}`,
  );
  t.is(
    await complaint({ PATH: other, OPENAPI_GENERATOR: '/nowhere' }),
    `There is no openapi-generator at /nowhere: ${getIt}`,
  );
});

test('the workflow gets the generator that is needed', async (t) => {
  const workflow = await readFile(join(root, '.github/workflows/sdk.yml'), 'utf8');
  t.true(workflow.includes(`pipx install openapi-generator-cli==${generatorVersion}\n`));
});

test.serial('the client for Go comes out without a warning, with the names of the contract', async (t) => {
  try {
    await findGenerator();
  } catch (error) {
    if (!(error instanceof CannotGenerate)) throw error;
    t.log(`NOT TRIED: ${error.message}`);
    return;
  }
  const files = await readdir(await generateClient('go'));
  const models = files.flatMap((file) => /^model_(.+)\.go$/.exec(file)?.[1] ?? []);
  const { schemas } = contractForGenerators(bundle)['components'] as {
    schemas: Record<string, { type: string; enum?: unknown }>;
  };
  const named = Object.entries(schemas).filter(([, schema]) => schema.type === 'object' || schema.enum);
  const snakeCase = (name: string) => name.replaceAll(/(?<!^)([A-Z])/g, '_$1').toLowerCase();
  t.deepEqual(models.sort(), named.map(([name]) => snakeCase(name)).sort());
});
