import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { tmpdir } from 'node:os';
import { promisify } from 'node:util';
import test from 'ava';
import { parse } from 'yaml';
import { oasdiffModule } from '../scripts/contract-diff/oasdiff.ts';
import { isOasdiffHere, withoutOasdiff } from './helpers/oasdiff.ts';
import { document } from './helpers/contract.ts';
import { writeSample, type Edit } from './helpers/contract-samples.ts';
import type { Run } from './helpers/run-program.ts';

const root = join(import.meta.dirname, '..');
const run = promisify(execFile);
const directory = await mkdtemp(join(tmpdir(), 'contract-diff-test-'));
test.after.always(() => rm(directory, { recursive: true, force: true }));

let checkouts = 0;

/** A repository with a small contract and our scripts: committed on main, and edited since. */
async function checkout(edits: readonly Edit[]): Promise<string> {
  const home = join(directory, String((checkouts += 1)));
  const contract = join(home, 'openapi');
  const write = async (changes: readonly Edit[]) => {
    await writeSample(contract, changes);
    await cp(join(root, 'openapi/lint'), join(contract, 'lint'), { recursive: true });
  };
  await mkdir(home);
  await write([]);
  for (const path of ['scripts', 'src/http', 'package.json'])
    await cp(join(root, path), join(home, path), { recursive: true });
  await symlink(join(root, 'node_modules'), join(home, 'node_modules'));
  const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.org'];
  await git(home, 'init', '--quiet', '--initial-branch=main');
  await git(home, 'add', 'openapi');
  await git(home, ...identity, 'commit', '--quiet', '--message=The contract');
  await write(edits);
  return home;
}

function git(home: string, ...options: string[]): Promise<unknown> {
  return run('git', options, { cwd: home, env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null' } });
}

function contractDiff(
  home: string,
  options: readonly string[],
  environment: Record<string, string> = {},
): Promise<Run> {
  const program = [`--import=${import.meta.resolve('tsx')}`, join(home, 'scripts/contract-diff.ts')];
  const env = { ...process.env, ...environment };
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [...program, ...options],
      { cwd: home, env, timeout: 110_000 },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode ?? -1, stdout, stderr });
      },
    );
  });
}

const circles = 'paths/circles.yaml';
const opened: Edit = [circles, ['post', 'x-required-role'], 'authenticated'];
const narrowed: Edit = ['components/schemas/CircleCreate.yaml', ['properties', 'name', 'maxLength'], 5];

function version(number: string): Edit {
  return ['openapi.yaml', ['info', 'version'], number];
}

test.serial('a contract as it was committed may land', async (t) => {
  const { code, stdout, stderr } = await contractDiff(await checkout([]), ['main', '--rights-only']);
  t.is(code, 0, stderr);
  t.regex(stdout, /^# The contract since `main`\n\n\*\*Not complete.\*\* .+\n\nThis may land\.\n/);
  t.regex(stdout, /still 1\.0\.0, and nothing asks for more\.\n$/);
});

test.serial('who gains a right is told, and has to be allowed', async (t) => {
  const home = await checkout([opened]);
  const { code, stdout, stderr } = await contractDiff(home, ['main', '--rights-only']);
  t.is(code, 4 + 8, stderr);
  t.regex(stdout, /\*\*This may not land:\*\* somebody gains a right.+`widens-rights`.+below 1\.1\.0\./);
  t.regex(
    stdout,
    /## Rights\n\n- \*\*Gained:\*\* `POST \/api\/circles` \(createCircle\) opens to every signed-in user\. /,
  );
});

test.serial('with the label and the version that it needs, a gained right may land', async (t) => {
  const home = await checkout([opened, version('1.1.0')]);
  const options = ['main', '--rights-only', '--allow', 'widening'];
  const { code, stdout, stderr } = await contractDiff(home, options);
  t.is(code, 0, stderr);
  t.regex(stdout, /This may land\./);
  t.regex(stdout, /goes from 1\.0\.0 to 1\.1\.0; these changes need 1\.1\.0\.\n$/);
});

test.serial('without the tool for shapes it says so, tells of rights, and fails', async (t) => {
  const bin = join(directory, 'bin');
  await mkdir(bin);
  for (const name of ['git', 'tar']) await symlink(await find(name), join(bin, name));
  const home = await checkout([opened, version('2.0.0')]);
  const { code, stdout } = await contractDiff(home, ['main', '--allow=breaking,widening'], {
    PATH: bin,
    OASDIFF: '',
  });
  t.is(code, 1);
  t.regex(stdout, /\*\*Not complete\.\*\* Shapes were not compared.+`go install github\.com\/oasdiff/);
  t.regex(stdout, /\*\*This may not land:\*\* it was not looked at completely\./);
  t.regex(stdout, /opens to every signed-in user/);
});

async function find(program: string): Promise<string> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    try {
      await run(path, ['--version']);
      return path;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  throw new Error(`There is no ${program} here`);
}

if (!isOasdiffHere) {
  test.skip(withoutOasdiff, (t) => {
    t.fail();
  });
} else {
  test.serial('what breaks clients is told with where it does', async (t) => {
    const { code, stdout, stderr } = await contractDiff(await checkout([narrowed]), ['main']);
    t.is(code, 2 + 8, stderr);
    t.regex(stdout, /\*\*This may not land:\*\* it breaks clients.+`breaking-change`.+below 2\.0\.0\./);
    t.regex(stdout, /## Breaking\n\n- `POST \/api\/circles`: .+`name`.+`5`\n/);
  });

  test.serial('with the label and the version that it needs, what breaks clients may land', async (t) => {
    const home = await checkout([narrowed, version('2.0.0')]);
    const { code, stdout } = await contractDiff(home, ['main', '--allow=breaking']);
    t.is(code, 0, stdout);
  });
}

test.serial('a commit that is not there is told from one that has not changed', async (t) => {
  for (const reference of ['nothing', '--output=/tmp/x']) {
    const { code, stderr } = await contractDiff(await checkout([]), ['--', reference]);
    t.is(code, 1);
    t.is(stderr, `Git has no contract at ${reference}. Is it fetched?\n`);
  }
});

for (const options of [[], ['main', 'other'], ['main', '--allow=everything'], ['main', '--quick']]) {
  test(`with "${options.join(' ')}" it says how to call it`, async (t) => {
    const { code, stderr } = await contractDiff(root, options);
    t.is(code, 1);
    t.regex(stderr, /npm run contract:diff -- origin\/main/);
  });
}

test('a pull request is looked at with the oasdiff that is known here', async (t) => {
  const workflow = await readFile(join(root, '.github/workflows/contract.yml'), 'utf8');
  t.true(workflow.includes(`go install ${oasdiffModule}\n`));
});

test('what may write to a pull request runs nothing of it', async (t) => {
  const { jobs, permissions } = parse(
    await readFile(join(root, '.github/workflows/contract.yml'), 'utf8'),
  ) as { jobs: Record<string, Job>; permissions: object };
  t.deepEqual(permissions, {});
  for (const { permissions, steps } of Object.values(jobs)) {
    const writes = Object.values(permissions).includes('write');
    if (writes)
      t.deepEqual(
        steps.filter(({ uses, run = '' }) => uses !== undefined || /np[mx]|node/.test(run)),
        [],
      );
    for (const { run = '' } of steps) t.notRegex(run, /\$\{\{/);
  }
});

interface Job {
  readonly permissions: Record<string, string>;
  readonly steps: { readonly uses?: string; readonly run?: string }[];
}

test('package.json has the version of the contract', async (t) => {
  const { info } = document as unknown as { info: { version: string } };
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  t.is(version, info.version);
});
