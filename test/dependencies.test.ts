import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Package {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly hasInstallScript?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(read('package.json')) as Package & {
  readonly allowScripts: Readonly<Record<string, boolean>>;
};
const lock = JSON.parse(read('package-lock.json')) as {
  readonly packages: Readonly<Record<string, Package>>;
};
const { '': root = {}, ...installed } = lock.packages;
const nameOf = (place: string) => place.slice(place.lastIndexOf('node_modules/') + 'node_modules/'.length);

test('package.json asks for exact versions, the same that package-lock.json holds', (t) => {
  const asked = { ...manifest.dependencies, ...manifest.devDependencies };
  t.true(Object.keys(asked).length > 20);
  for (const [name, version] of Object.entries(asked)) {
    t.regex(version, /^\d+\.\d+\.\d+(-[\w.]+)?$/, name);
    t.is(installed[`node_modules/${name}`]?.version, version, name);
  }
  t.deepEqual({ ...root.dependencies, ...root.devDependencies }, asked);
});

test('package-lock.json knows each package by its content, and names no place to get it from', (t) => {
  t.true(Object.keys(installed).length > 100);
  for (const [place, { integrity, resolved, link }] of Object.entries(installed)) {
    t.regex(integrity ?? '', /^sha512-[A-Za-z0-9+/]{86}==$/, place);
    t.is(resolved, undefined, place);
    t.is(link, undefined, place);
  }
});

test('every package with an install script is decided about by name', (t) => {
  const scripted = Object.entries(installed).flatMap(([place, { hasInstallScript }]) =>
    hasInstallScript ? [nameOf(place)] : [],
  );
  t.true(scripted.length > 0);
  t.deepEqual(Object.keys(manifest.allowScripts).sort(), [...new Set(scripted)].sort());
});

test('npm runs no install script, of whichever version it is', (t) => {
  t.regex(read('.npmrc'), /^ignore-scripts=true$/m);
  t.deepEqual([...new Set(Object.values(manifest.allowScripts))], [false]);
});

const workflows = readdirSync(new URL('../.github/workflows/', import.meta.url)).map(
  (name) => `.github/workflows/${name}`,
);

for (const path of ['.ci/run', ...workflows]) {
  test(`${path} installs what package-lock.json holds and nothing else`, (t) => {
    for (const [, verb = ''] of read(path).matchAll(/\bnpm +(?:--?\S+ +)*([a-z-]+)/g))
      t.true(['ci', 'run', 'test', 'audit'].includes(verb), verb);
    t.notRegex(read(path), /\bnpx\b|\byarn\b|\bpnpm\b|curl .*\| *(ba)?sh/);
  });
}

test('known vulnerabilities are looked for with each pull request and once a week', (t) => {
  const { on, jobs } = parse(read('.github/workflows/audit.yml')) as {
    on: Record<string, unknown>;
    jobs: Record<string, { steps: { run?: string }[] }>;
  };
  t.deepEqual(Object.keys(on), ['pull_request', 'schedule']);
  const [{ cron = '' } = {}] = on['schedule'] as { cron?: string }[];
  t.regex(cron, /^\d+ \d+ \* \* \d$/);
  const runs = Object.values(jobs).flatMap(({ steps }) => steps.flatMap(({ run = '' }) => run || []));
  t.true(runs.some((run) => /^npm audit .*--audit-level=high$/.test(run)));
});
