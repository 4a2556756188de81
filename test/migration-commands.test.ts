import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { projectMigrations } from '../src/core/migrations/source.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { runProgram } from './helpers/run-program.ts';
import { startServerProcess } from './helpers/server-process.ts';

const names = await projectMigrations.names();
const last = names.at(-1) ?? '';

async function temporaryDirectory(): Promise<string> {
  return mkdtemp(join(tmpdir(), 'tripod-commands-'));
}

test.serial('db:status, db:migrate and db:rollback work on the database that is named', async (t) => {
  const { url: DATABASE_URL, name, drop } = await createEmptyDatabase();
  t.teardown(drop);
  const db = (...options: string[]) => runProgram('dist/migrate.js', { DATABASE_URL }, options);

  const before = await db('status');
  t.is(before.code, 2);
  for (const each of names) t.regex(before.stdout, new RegExp(`^ {2}pending {19}${each}$`, 'm'));
  t.regex(before.stdout, new RegExp(`^PostgreSQL at [^@\\n]*/${name}\\n`));
  t.regex(before.stdout, new RegExp(`\\n${names.length} of ${names.length} pending: npm run db:migrate\\n$`));

  const { code, stdout } = await db();
  t.is(code, 0);
  const done = [...stdout.matchAll(/^ {2}(\S+) done in \d+ ms$/gm)].map(([, each]) => each);
  t.deepEqual(done, names);
  t.regex(stdout, new RegExp(`\\n${names.length} done, nothing is pending\\.\\n$`));
  t.regex((await db('migrate')).stdout, /\nNothing is pending\.\n$/);

  const after = await db('status');
  t.is(after.code, 0);
  for (const each of names) t.regex(after.stdout, new RegExp(`^ {2}\\d{4}-\\S{18}Z {2}${each}$`, 'm'));
  t.regex(after.stdout, /\nNothing is pending\.\n$/);

  t.regex((await db('rollback')).stdout, new RegExp(`\\n {2}${last} taken back in \\d+ ms\\n$`));
  t.regex(
    (await db('status')).stdout,
    new RegExp(`\\n {2}pending {19}${last}\\n1 of ${names.length} pending`),
  );
});

test.serial(
  'db:migrate needs no more of the settings in production than the database, and db:rollback refuses',
  async (t) => {
    const { url: DATABASE_URL, drop } = await createEmptyDatabase();
    t.teardown(drop);
    const production = { DATABASE_URL, NODE_ENV: 'production' };
    t.like(await runProgram('dist/migrate.js', production), { code: 0, stderr: '' });
    const refused = await runProgram('dist/migrate.js', production, ['rollback']);
    t.is(refused.code, 1);
    t.regex(refused.stderr, /^In production, migrations only go forward[^\n]+npm run db:make\.\n$/);
    t.like(await runProgram('dist/migrate.js', production, ['status']), { code: 0 });
    t.like(await runProgram('dist/migrate.js', { NODE_ENV: 'production' }), {
      code: 1,
      stderr: 'DATABASE_URL is required with NODE_ENV=production.\n',
    });
  },
);

test.serial(
  'the commands work on the database that comes along, also while the service runs on it',
  async (t) => {
    const DATA_DIR = await temporaryDirectory();
    t.teardown(() => rm(DATA_DIR, { recursive: true, force: true, maxRetries: 5 }));
    t.like(await runProgram('dist/migrate.js', { DATA_DIR }), { code: 0 });
    const server = await startServerProcess({ DATA_DIR });
    const status = await runProgram('dist/migrate.js', { DATA_DIR }, ['status']);
    t.is(status.code, 0);
    t.true(status.stdout.startsWith(`${DATA_DIR}\n`));
    t.like(await (await fetch(`${server.url}/health/ready`)).json(), { status: 'ready' });
    await server.stop('SIGTERM');
  },
);

test.serial('a command that does not exist gets the list of those that do', async (t) => {
  for (const options of [['--help'], ['undo'], ['status', 'now'], ['--force']]) {
    const { code, stderr } = await runProgram('dist/migrate.js', {}, options);
    t.is(code, options[0] === '--help' ? 0 : 1);
    t.regex(
      stderr,
      /npm run db:migrate .+\n.+npm run db:status .+ exit code is 2 .+\n.+npm run db:rollback /,
    );
  }
});

test.serial(
  'db:make writes a migration that comes last, and refuses a name that is odd or taken',
  async (t) => {
    const directory = await temporaryDirectory();
    t.teardown(() => rm(directory, { recursive: true }));
    const migrations = join(directory, 'migrations');
    await mkdir(migrations);
    const make = (...options: string[]) => runProgram('scripts/make-migration.ts', {}, options, directory);

    t.like(await make('add_circles'), { code: 0, stderr: '' });
    const [first = ''] = await readdir(migrations);
    t.regex(first, /^20\d{12}_add_circles\.js$/);
    const text = await readFile(join(migrations, first), 'utf8');
    t.regex(text, /^export const up = [^]+^export const down = /m);

    // However the clocks of those who write them differ.
    await writeFile(join(migrations, '29991231235958_from_elsewhere.js'), text);
    t.like(await make('add_squares'), { code: 0 });
    t.is((await readdir(migrations)).sort().at(-1), '29991231235959_add_squares.js');

    const taken = await make('add_circles');
    t.like(taken, { code: 1, stdout: '' });
    t.is(taken.stderr, `migrations/${first} has that name already: please take another.\n`);
    for (const options of [
      [],
      ['AddCircles'],
      ['add-circles'],
      ['../add'],
      ['add circles'],
      ['one', 'two'],
    ]) {
      const { code, stderr } = await make(...options);
      t.is(code, 1);
      t.regex(stderr, /^Please name it in lower case.+\n.+npm run db:make -- add_what_is_new\n$/);
    }
    t.is((await readdir(migrations)).length, 3);
  },
);
