import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import test from 'ava';
import { parse } from 'yaml';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly name?: string;
}

interface Job {
  readonly needs?: string;
  readonly uses?: string;
  readonly permissions?: Record<string, string>;
  readonly steps?: readonly Step[];
  readonly 'timeout-minutes'?: number;
}

interface Workflow {
  readonly on: string | Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly concurrency: unknown;
  readonly jobs: Record<string, Job>;
}

const workflow = (name: string) => parse(read(`.github/workflows/${name}`)) as Workflow;
const names = readdirSync(new URL('../.github/workflows/', import.meta.url));

for (const name of names) {
  const { on, permissions: general, jobs } = workflow(name);

  test(`${name} names each action by its content, and says which version that is`, (t) => {
    const uses = [...read(`.github/workflows/${name}`).matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(
      ([, line = '']) => line,
    );
    for (const line of uses.filter((each) => !each.startsWith('./')))
      t.regex(line, /^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    t.true(uses.length > 0);
  });

  test(`${name} may only read where it runs code, and ends some time`, (t) => {
    for (const { permissions = general, steps, uses, 'timeout-minutes': minutes = 0 } of Object.values(
      jobs,
    )) {
      const runsCode =
        steps?.some((step) => step.uses !== undefined || /\bnpm\b/.test(step.run ?? '')) ?? true;
      t.deepEqual(permissions, runsCode ? { contents: 'read' } : { 'pull-requests': 'write' });
      if (uses === undefined) t.true(minutes > 0 && minutes <= 60);
    }
  });

  test(`${name} never gives the rights of this repository to what comes from another`, (t) => {
    t.notRegex(JSON.stringify(on), /pull_request_target|workflow_run/);
    t.is(/secrets\.(?!GITHUB_TOKEN)/.test(read(`.github/workflows/${name}`)), name === 'deploy.yml');
  });

  test(`${name} runs no text that somebody else could write`, (t) => {
    for (const { steps = [] } of Object.values(jobs))
      for (const { run = '' } of steps) t.notRegex(run, /\$\{\{/);
  });
}

test('A pull request is linted, built, typed, tested, compared and looked at for vulnerabilities', (t) => {
  const onPullRequest = names.filter((name) => {
    const { on } = workflow(name);
    return on === 'pull_request' || (typeof on === 'object' && 'pull_request' in on);
  });
  for (const name of ['audit.yml', 'contract.yml', 'image.yml', 'pull-request.yml'])
    t.true(onPullRequest.includes(name), name);
  t.false(onPullRequest.includes('deploy.yml'));
});

const deploy = workflow('deploy.yml');

test('A deployment comes after each push to main, one after the other, and only where all checks pass', (t) => {
  t.deepEqual(deploy.on, { push: { branches: ['main'] } });
  t.deepEqual(deploy.concurrency, { group: 'deploy' });
  const { secrets, check, deploy: last, ...others } = deploy.jobs;
  t.deepEqual(others, {});
  t.is(secrets?.needs, undefined);
  t.like(check, { needs: 'secrets', uses: './.github/workflows/pull-request.yml' });
  t.is(last?.needs, 'check');
});

test('A deployment builds, migrates and deploys in this order, and a step that fails is the last', (t) => {
  const steps = deploy.jobs['deploy']?.steps ?? [];
  t.deepEqual(
    steps.flatMap(({ name = [] }) => name),
    ['Sign in to Google Cloud', 'Build the image', 'Migrate', 'Deploy'],
  );
  t.notRegex(read('.github/workflows/deploy.yml'), /continue-on-error|always\(\)|failure\(\)|\|\| true/);
  const [migrate = '', last = ''] = steps.slice(-2).map(({ run = '' }) => run);
  t.regex(
    migrate,
    /--args=dist\/migrate\.js[^]*--max-retries=0[^]*\n.*jobs execute tripod-api-migrate --wait$/m,
  );
  t.regex(last, /--concurrency=80 --memory=1Gi/);
  t.regex(last, /--set-secrets=/);
  t.regex(last, /--startup-probe=httpGet\.path=\/health\/ready,/);
});

test('Secrets of the repository that are missing are all named before anything else is done', (t) => {
  const { run = '' } = deploy.jobs['secrets']?.steps?.at(-1) ?? {};
  const asked = ['GCP_PROJECT_ID', 'GCP_SA_KEY', 'SECRETS_PROJECT_NUMBER'];
  const used = read('.github/workflows/deploy.yml').matchAll(/\bsecrets\.([A-Z_]+)/g);
  t.deepEqual([...new Set([...used].map(([, name]) => name))].sort(), asked);
  t.deepEqual(run.split(' ').slice(1), asked);

  const attempt = (env: Record<string, string>) => {
    const { status, stdout } = spawnSync(run, {
      shell: '/bin/bash',
      encoding: 'utf8',
      env: { ...env, PATH: process.env['PATH'] },
      cwd: new URL('..', import.meta.url),
    });
    return {
      status,
      named: [...stdout.matchAll(/^::error title=(\S+) is missing::/gm)].map(([, name]) => name),
      stdout,
    };
  };
  t.like(attempt({}), { status: 1, named: asked });
  const some = attempt({ GCP_SA_KEY: 'a key that nobody may see', GCP_PROJECT_ID: '' });
  t.like(some, { status: 1, named: ['GCP_PROJECT_ID', 'SECRETS_PROJECT_NUMBER'] });
  t.notRegex(some.stdout, /a key/);
  t.like(attempt(Object.fromEntries(asked.map((name) => [name, 'x']))), { status: 0, stdout: '' });
});

test('Dependabot looks at packages, actions and images', (t) => {
  const { updates } = parse(read('.github/dependabot.yml')) as { updates: { 'package-ecosystem': string }[] };
  t.deepEqual(
    updates.map((each) => each['package-ecosystem']),
    ['npm', 'github-actions', 'docker', 'docker-compose'],
  );
});
