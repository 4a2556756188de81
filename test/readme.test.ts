import { readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';
import { readSecretPlaces } from '../src/core/secret-settings.ts';
import { readSettings } from '../src/core/settings.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const readmes = [
  'README.md',
  'docs/deploy.md',
  'docs/performance.md',
  'http/README.md',
  'migrations/README.md',
  'openapi/README.md',
];
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const { services } = parse(read('docker-compose.yml')) as { services: Record<string, unknown> };

function servicesIn(command: string): string[] {
  return command
    .split(' ')
    .slice(3)
    .filter((word) => !word.startsWith('-'));
}

/** The commands of a page's shell blocks, without the variables set before them. */
function commands(page: string): string[] {
  return [...page.matchAll(/^ *```sh\n([^]*?)^ *```$/gm)]
    .flatMap(([, block = '']) => block.trim().split(/\n|&&/))
    .map((command) => command.trim().replace(/^(?:[A-Z_]+=\S+ )+/, ''));
}

for (const path of readmes) {
  test(`${path} names only commands that exist`, (t) => {
    const page = read(path);
    const shown = [
      ...commands(page),
      ...[...page.matchAll(/`((?:np[mx]|docker) [^`\n]+)`/g)].map(([, command = '']) => command),
    ];
    for (const command of shown) {
      const [program = '', verb = '', name = ''] = command.split(' ');
      if (program === 'npm' && verb === 'run') t.truthy(scripts[name], command);
      else if (program === 'npm' && ['start', 'test'].includes(verb)) t.truthy(scripts[verb], command);
      else if (program === 'npm') t.is(verb, 'ci', command);
      else if (program === 'docker')
        for (const service of servicesIn(command)) t.truthy(services[service], command);
      // Google Cloud's, on what is there and not here.
      else if (path === 'docs/deploy.md') t.regex(program, /^(gcloud|openssl)$/, command);
      else {
        t.is(program, 'npx', command);
        t.notThrows(() => read(`node_modules/.bin/${verb}`), command);
      }
      for (const file of command.match(/\b(?:scripts|test|http)\/\S+/g) ?? [])
        t.notThrows(() => read(file), command);
    }
  });

  test(`${path} links to files that exist`, (t) => {
    const base = new URL(`../${path}`, import.meta.url);
    for (const [, target = ''] of read(path).matchAll(/\]\((?!https?:)([^)#]+)\)/g))
      t.notThrows(() => readFileSync(new URL(target, base)), target);
  });
}

test('README.md tests with the commands that a pull request has to pass', (t) => {
  const shown = commands(read('README.md'));
  const workflow = parse(read('.github/workflows/pull-request.yml')) as {
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  const steps = Object.values(workflow.jobs).map(({ steps }) => steps.flatMap(({ run }) => run ?? []));
  t.deepEqual(steps, [['npm ci', 'npm run check']]);
  t.regex(read('.ci/run'), /^npm ci\nnpm run check\n$/m);
  const check = shown.indexOf('npm run check');
  t.deepEqual(shown.slice(check - 1, check + 1), ['npm ci', 'npm run check']);
});

const settings = [...read('README.md').matchAll(/^\| `([A-Z_]+)` +\| (.+?) +\| .+ \|$/gm)].map(
  ([, name = '', shown = '']) => ({ name, default: /^`([^` ]+)`$/.exec(shown)?.[1] }),
);

test('README.md names the settings that are read, and no others', (t) => {
  const asked = new Set<string>();
  const environment = new Proxy<Record<string, string>>(
    {},
    {
      get: (_, name) => {
        asked.add(String(name));
        return undefined;
      },
    },
  );
  readSettings(environment);
  readSecretPlaces(environment);
  t.deepEqual(settings.map(({ name }) => name).sort(), [...asked].sort());
});

test('README.md gives the defaults that hold', (t) => {
  const given = Object.fromEntries(
    settings.flatMap(({ name, default: value }) => (value ? [[name, value]] : [])),
  );
  t.true(Object.keys(given).length > 4);
  t.deepEqual(readSettings(given), readSettings({}));
});
