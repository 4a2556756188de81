import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import test, { type ExecutionContext } from 'ava';
import pg from 'pg';
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../src/core/embedded-database.ts';
import { commandLine } from '../src/core/embedded-database/processes.ts';
import { until } from './helpers/until.ts';

let template: string;

test.before(async () => {
  template = await mkdtemp(join(tmpdir(), 'tripod-embedded-'));
  await (await startEmbeddedDatabase({ directory: template, durable: false })).stop();
});

test.after.always(() => rm(template, { recursive: true }));

test.serial('data outlive a restart', async (t) => {
  const directory = await usedDirectory(t);
  const first = await start(t, directory);
  await query(first.url, "create table word as select 'kept' as text");
  await first.stop();

  const second = await start(t, directory);
  t.deepEqual(await query(second.url, 'select text from word'), [{ text: 'kept' }]);
});

test.serial('PostgreSQL listens on a unix socket alone', async (t) => {
  const { url } = await start(t, await usedDirectory(t));
  t.deepEqual(await query(url, 'show listen_addresses'), [{ listen_addresses: '' }]);
});

test.serial(
  'a socket is found although the path of the data is too long or holds odd characters',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const odd = await start(t, join(directory, 'it\'s, an "odd" one'));
    const long = await start(t, join(directory, 'long'.repeat(30)));
    for (const { url } of [odd, long]) t.is((await query(url, 'select 1')).length, 1);

    const socketDirectory = new URL(long.url).searchParams.get('host') ?? '';
    t.regex(socketDirectory, /^\/tmp\/tripod-[0-9a-f]+$/);
    await long.stop();
    await rmdir(socketDirectory);
  },
);

test.serial('a second start adopts the running PostgreSQL and its stop leaves it running', async (t) => {
  const directory = await usedDirectory(t);
  const owner = await start(t, directory);
  const adopter = await start(t, directory);
  t.is(adopter.url, owner.url);

  await adopter.stop();
  t.is((await query(owner.url, 'select 1')).length, 1);
});

test.serial('several starts at once in a fresh directory share one PostgreSQL', async (t) => {
  const directory = await temporaryDirectory(t);
  t.is(await countPostmasters(await Promise.all([1, 2, 3].map(() => start(t, directory)))), 1);
  t.deepEqual((await readdir(directory)).sort(), ['postgresql', 'postgresql.log']);
});

test.serial('several starts at once in a used directory share one PostgreSQL', async (t) => {
  const directory = await usedDirectory(t);
  t.is(await countPostmasters(await Promise.all([1, 2, 3].map(() => start(t, directory)))), 1);
});

test.serial('a start while the previous run shuts down waits for it', async (t) => {
  const directory = await usedDirectory(t);
  const first = await start(t, directory);
  const [, second] = await Promise.all([first.stop(), start(t, directory)]);
  t.is((await query(second.url, 'select 1')).length, 1);
});

test.serial(
  'PostgreSQL stops when its owner is killed, and the next start finds what was committed',
  async (t) => {
    const directory = await usedDirectory(t);
    const program = fileURLToPath(new URL('helpers/hold-embedded-database.ts', import.meta.url));
    const owner = spawn(process.execPath, ['--import=tsx', program, directory], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const [url] = (await once(owner.stdout, 'data')) as [Buffer];
    await query(url.toString().trim(), "create table word as select 'kept' as text");
    const postmaster = await postmasterPid(directory);

    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await until('PostgreSQL has stopped', () => commandLine(postmaster) === '');

    const { url: next } = await start(t, directory);
    t.deepEqual(await query(next, 'select text from word'), [{ text: 'kept' }]);
  },
);

test.serial('a killed PostgreSQL recovers what was committed', async (t) => {
  const directory = await usedDirectory(t);
  const { url } = await start(t, directory);
  await query(url, "create table word as select 'kept' as text");
  process.kill(await postmasterPid(directory), 'SIGKILL');

  const { url: next } = await start(t, directory);
  t.deepEqual(await query(next, 'select text from word'), [{ text: 'kept' }]);
});

test.serial('a pid file left behind does not count when another process has that number', async (t) => {
  const directory = await usedDirectory(t);
  const first = await start(t, directory);
  const pidFile = join(directory, 'postgresql/postmaster.pid');
  const lines = (await readFile(pidFile, 'utf8')).split('\n');
  await first.stop();
  const leftBehind = [process.pid, ...lines.slice(1)].join('\n');
  await writeFile(pidFile, leftBehind);
  await writeFile(join(directory, 'postgresql/.s.PGSQL.5432.lock'), leftBehind);

  const second = await start(t, directory);
  t.is((await query(second.url, 'select 1')).length, 1);
});

test.serial('a start that fails shows the end of the log', async (t) => {
  const directory = await usedDirectory(t);
  await (await start(t, directory)).stop();
  await writeFile(join(directory, 'postgresql/postgresql.conf'), 'no_such_setting = 1\n');

  await t.throwsAsync(start(t, directory), { message: /did not start.*"no_such_setting"/s });
});

/** Initializing a cluster takes most of a second, copying one a fraction of that. */
async function usedDirectory(t: ExecutionContext): Promise<string> {
  const directory = await temporaryDirectory(t);
  await promisify(execFile)('cp', ['-Rp', join(template, 'postgresql'), directory]);
  return directory;
}

async function temporaryDirectory(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tripod-embedded-'));
  // What the tests make inside must be in reach of the user PostgreSQL runs as when root runs them.
  await chmod(directory, 0o711);
  t.teardown(() => rm(directory, { recursive: true, maxRetries: 5 }));
  return directory;
}

async function start(t: ExecutionContext, directory: string): Promise<EmbeddedDatabase> {
  const database = await startEmbeddedDatabase({ directory, durable: false });
  t.teardown(() => database.stop());
  return database;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query<Record<string, unknown>>(sql);
  await client.end();
  return rows;
}

async function countPostmasters(databases: EmbeddedDatabase[]): Promise<number> {
  const startTimes = await Promise.all(
    databases.map(({ url }) => query(url, 'select pg_postmaster_start_time()::text as time')),
  );
  return new Set(startTimes.map((rows) => JSON.stringify(rows))).size;
}

async function postmasterPid(directory: string): Promise<number> {
  return Number.parseInt(await readFile(join(directory, 'postgresql/postmaster.pid'), 'utf8'), 10);
}
