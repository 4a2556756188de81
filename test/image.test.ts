import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { chmod, lstat, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import test from 'ava';
import { assembleImage } from '../scripts/image.ts';
import { serverUser } from '../src/core/embedded-database/server-user.ts';
import { createClient } from './helpers/client.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { image, stages } from './helpers/dockerfile.ts';
import { password } from './helpers/people.ts';
import { startServerProcess, type ServerProcess } from './helpers/server-process.ts';

const read = (path: string) => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');
const directory = await mkdtemp(join(tmpdir(), 'tripod-image-'));

test.before(async () => {
  await assembleImage(directory);
  await chmod(directory, 0o755);
});

test.after.always(() => rm(directory, { recursive: true }));

/** The image's own command with the image's own settings; where that would be as root, as one whom the database lets in. */
function startImage(settings: { DATABASE_URL: string; JWT_SECRET_KEY: string }): Promise<ServerProcess> {
  const [program, ...args] = image.command;
  if (program !== 'node') throw new Error(`The image runs ${program}`);
  const user = serverUser(new URL(settings.DATABASE_URL).searchParams.get('host') ?? '');
  const environment = { ...image.environment, PORT: '0', ...settings };
  return startServerProcess(environment, args, { cwd: directory, ...user });
}

function checkHealth(url: string): Promise<unknown> {
  const [, ...args] = image.healthCheck;
  return promisify(execFile)(process.execPath, args, { env: { PORT: new URL(url).port } });
}

test('What is in the image serves, as a user without rights, and ends when it is told to', async (t) => {
  const { url: DATABASE_URL, drop } = await createEmptyDatabase();
  t.teardown(drop);
  const server = await startImage({
    DATABASE_URL,
    JWT_SECRET_KEY: 'only for this test, but of a decent length',
  });
  const client = createClient(server.url);
  await client.call('getHealth', 200);
  await client.call('getReadiness', 200);
  await checkHealth(server.url);
  const signUp = client.call('signUp', 201, { body: { email: 'person@example.org', password } });
  await client.call('getHealth', 200);
  const [code] = await Promise.all([server.stop('SIGTERM'), signUp]);
  t.is(code, 0);
  await t.throwsAsync(checkHealth(server.url));
});

test('The image holds what the service needs, and neither sources nor tools', async (t) => {
  t.deepEqual((await readdir(directory)).sort(), ['dist', 'migrations', 'node_modules', 'package.json']);
  const files = await readdir(directory, { recursive: true });
  const own = files.filter((file) => !file.startsWith('node_modules'));
  t.deepEqual(
    own.filter((file) => /\.tsx?$|test|\.env|\.pem$/.test(file)),
    [],
  );
  for (const program of ['server.js', 'migrate.js']) t.true(own.includes(join('dist', program)), program);
  t.deepEqual(
    await readdir(join(directory, 'migrations')),
    await readdir(new URL('../migrations', import.meta.url)),
  );

  const { packages } = JSON.parse(read('package-lock.json')) as {
    packages: Record<string, { dev?: boolean }>;
  };
  const present = files
    .filter((file) => file.endsWith('package.json'))
    .map((file) => file.slice(0, -'/package.json'.length));
  t.deepEqual(
    present.filter((place) => packages[place]?.dev),
    [],
  );
  const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
  for (const name of Object.keys(dependencies)) t.true(present.includes(`node_modules/${name}`), name);
});

test('The image adds less than 250 MB to Node', async (t) => {
  const files = await readdir(directory, { recursive: true });
  const sizes = await Promise.all(
    files.map(async (file) => (await lstat(join(directory, file))).blocks * 512),
  );
  const megabytes = sizes.reduce((sum, size) => sum + size, 0) / 1e6;
  t.log(`${megabytes.toFixed(1)} MB`);
  t.true(megabytes < 250);
});

test('The image comes from Node by its content, runs as no root, and listens where it says', (t) => {
  t.deepEqual([...new Set(stages)].slice(1), ['base', 'development']);
  t.regex(stages[0] ?? '', /^node:24-slim@sha256:[0-9a-f]{64}$/);
  t.true(image.user > 0);
  t.deepEqual(image.environment, { NODE_ENV: 'production', PORT: image.port });
  t.is(image.healthCheck[0], 'node');
});

test('npm start gives Node the options that the image does', (t) => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: { start: string } };
  t.true(scripts.start.endsWith(` ${image.command.join(' ')}`), scripts.start);
});

test('What is built in the image is made of nothing but the contract, the code and what they need', (t) => {
  const allowed = read('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const [first, ...others] = allowed;
  t.is(first, '*');
  t.deepEqual(
    others.filter((line) => !line.startsWith('!')),
    ['**/generated'],
  );
  for (const line of others.filter((each) => each.startsWith('!')))
    t.notRegex(line, /\*|\.env|\.git|\.data|node_modules|dist|test/);
});
