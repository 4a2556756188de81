import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { redocly } from '../scripts/redocly.ts';
import { brokenOperations } from './helpers/broken-operations.ts';
import { brokenRateLimits } from './helpers/broken-rate-limits.ts';
import { brokenSchemas } from './helpers/broken-schemas.ts';
import { lintSamples, writeSample, type Edit, type Problem } from './helpers/contract-samples.ts';
import { goodContracts } from './helpers/good-contracts.ts';

const brokenContracts = [...brokenOperations, ...brokenRateLimits, ...brokenSchemas];
let directory = '';
let problems: Problem[][] = [];

test.before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'contract-'));
  const cases = [...brokenContracts, ...goodContracts];
  const mainFiles = cases.map(({ edits }, index) => writeSample(join(directory, `sample-${index}`), edits));
  problems = await lintSamples(await Promise.all(mainFiles));
});

test.after.always(() => rm(directory, { recursive: true, force: true }));

for (const [index, { title, rule, at, says }] of brokenContracts.entries()) {
  test(`${rule} refuses ${title}`, (t) => {
    const ours = problems[index]?.filter((problem) => problem.rule.startsWith('tripod/')) ?? [];
    t.deepEqual(
      ours.map((problem) => [problem.rule, problem.at]),
      [[`tripod/${rule}`, at]],
      JSON.stringify(ours, undefined, 2),
    );
    t.regex(ours[0]?.message ?? '', says);
  });
}

for (const [index, { title }] of goodContracts.entries()) {
  test(`the rules accept ${title}`, (t) => {
    t.deepEqual(problems[brokenContracts.length + index], []);
  });
}

interface Bundle {
  readonly paths: Record<string, Record<string, { readonly description: string }>>;
}

test('a bundle says in words who may call each operation', async (t) => {
  const roles = [
    ['platform:admin', 'user:{path.circle_id}', 'app:{path.circle_id}:*', 'app:tripod-studio:viewer'],
    ['app:*:admin', 'organization:{path.circle_id}:member', 'organization:*:manager', 'project:*:manager'],
    ['access_request:{path.circle_id}:admin'],
  ].flat();
  const mainFile = await writeSample(join(directory, 'decorated'), [
    ['paths/circle.yaml', ['get', 'x-required-role'], roles],
  ]);
  const once = join(directory, 'once.json');
  const { exitCode, stderr } = await redocly('bundle', mainFile, '--output', once);
  t.is(exitCode, 0, stderr);
  const { paths } = JSON.parse(await readFile(once, 'utf8')) as Bundle;
  t.is(
    paths['/health']?.['get']?.description,
    'Answers without touching the database.\n\n**Required role:** none, anyone may call this.',
  );
  t.regex(
    paths['/api/circles']?.['get']?.description ?? '',
    /\n\n\*\*Required role:\*\* any signed-in user\.$/,
  );
  t.true(
    paths['/api/circles']?.['post']?.description.endsWith(
      '**Required role:** platform admin, or admin of the app named by `app_key` in the body, or manager of any organization.',
    ),
  );
  t.is(
    paths['/api/circles/{circle_id}']?.['get']?.description.split('**Required role:** ')[1],
    [
      'platform admin',
      'the user named by `circle_id` in the path',
      'any role in the app named by `circle_id` in the path',
      'viewer of the app `tripod-studio`',
      'admin of any app',
      'member of the organization named by `circle_id` in the path',
      'manager of any organization',
      'manager of any project',
      'admin of the app that the request for access named by `circle_id` in the path is for.',
    ].join(', or '),
  );
});

interface Answer {
  readonly $ref?: string;
  readonly headers: Record<string, { readonly $ref: string }>;
}

interface Answering {
  readonly paths: Record<string, Record<string, { readonly responses?: Record<string, Answer> }>>;
  readonly components: {
    readonly headers: Record<string, object>;
    readonly responses: Record<string, Answer>;
  };
}

const deprecated: Edit[] = [
  ['paths/circles.yaml', ['get', 'deprecated'], true],
  ['paths/circles.yaml', ['get', 'x-deprecated-since'], '2027-01-01'],
  ['paths/circles.yaml', ['get', 'x-sunset'], '2027-07-01'],
];

test('a bundle says in words how long a deprecated operation stays', async (t) => {
  const samples = await Promise.all([
    writeSample(join(directory, 'ending'), deprecated),
    writeSample(join(directory, 'replaced'), [
      ...deprecated,
      ['paths/circles.yaml', ['get', 'x-successor'], 'getCircle'],
    ]),
  ]);
  const described = samples.map(async (mainFile) => {
    const output = `${mainFile}.json`;
    t.is((await redocly('bundle', mainFile, '--output', output)).exitCode, 0);
    const { paths } = JSON.parse(await readFile(output, 'utf8')) as Bundle;
    return paths['/api/circles']?.['get']?.description;
  });
  const rest = 'The circles of one app, by name.\n\n**Required role:** any signed-in user.';
  const dates = '**Deprecated** since 1 January 2027, gone from 1 July 2027 on';
  t.deepEqual(await Promise.all(described), [
    `${dates}: do not use it any more.\n\n${rest}`,
    `${dates}: use \`getCircle\` instead.\n\n${rest}`,
  ]);
});

test('a bundle says in words how often each operation may be called', async (t) => {
  const limits = [
    { name: 'caller', per: 'caller', quota: 10, seconds: 60 },
    { name: 'app', per: '{body.app_key}', quota: 3, seconds: 7200 },
    { name: 'address', per: 'address', quota: 100, seconds: 90 },
  ];
  const mainFile = await writeSample(join(directory, 'limited'), [
    ['paths/circles.yaml', ['post', 'x-rate-limit'], { counts: ['201', '403'], limits }],
  ]);
  const output = join(directory, 'limited.json');
  t.is((await redocly('bundle', mainFile, '--output', output)).exitCode, 0);
  const { paths } = JSON.parse(await readFile(output, 'utf8')) as Bundle;
  t.true(
    paths['/api/circles']?.['post']?.description.includes(
      '\n\n**Rate limit:** 10 in a minute for each signed-in user, and 3 in 2 hours for each `app_key` in the body, and 100 in 90 seconds for each address; only the answers 201, 403 count.\n\n',
    ),
  );
  t.false(paths['/api/circles']?.['get']?.description.includes('Rate limit'));
});

test('a bundle declares with every answer that it may be read from other origins', async (t) => {
  const output = join(directory, 'headers.json');
  const mainFile = await writeSample(join(directory, 'headers'), []);
  t.is((await redocly('bundle', mainFile, '--output', output)).exitCode, 0);
  const { components, paths } = JSON.parse(await readFile(output, 'utf8')) as Answering;
  const answers = Object.values(paths).flatMap((item) =>
    Object.values(item).flatMap(({ responses = {} }) => Object.values(responses)),
  );
  const inPlace = answers.filter(({ $ref }) => $ref === undefined);
  t.is(inPlace.length, 4);
  for (const { headers } of [...inPlace, ...Object.values(components.responses)]) {
    t.is(headers['Access-Control-Allow-Origin']?.$ref, '#/components/headers/AccessControlAllowOrigin');
  }
  t.true('RateLimit' in (components.responses['rate-limited']?.headers ?? {}));
  t.like(components.headers, { AccessControlAllowOrigin: { example: 'https://console.example.org' } });
});

test('bundling a bundle leaves its descriptions as they are', async (t) => {
  const mainFile = await writeSample(join(directory, 'bundled-twice'), deprecated);
  const [first, second] = [join(directory, 'first.json'), join(directory, 'second.json')];
  t.is((await redocly('bundle', mainFile, '--output', first)).exitCode, 0);
  t.is((await redocly('bundle', first, '--output', second)).exitCode, 0);
  t.is(await readFile(second, 'utf8'), await readFile(first, 'utf8'));
});
