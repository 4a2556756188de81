import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { withSecrets } from '../src/core/with-secrets.ts';
import { createClient } from './helpers/client.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { password } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { accessToken, startSecretManager } from './helpers/secret-manager.ts';
import { failServerProcess, startServerProcess } from './helpers/server-process.ts';

const key = 'only for this test, but of a decent length\n';
const production = { NODE_ENV: 'production', LOG_LEVEL: 'trace' };

async function temporaryDirectory(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tripod-secrets-'));
  t.teardown(() => rm(directory, { recursive: true }));
  return directory;
}

async function temporaryDatabase(t: ExecutionContext): Promise<string> {
  const { url, drop } = await createTestDatabase();
  t.teardown(drop);
  return url;
}

test.serial('Production starts with what Secret Manager keeps, and prints none of it', async (t) => {
  const url = await temporaryDatabase(t);
  const { environment, asked } = await startSecretManager(t, {
    tripod_backend_neon_database_url: ['hang up', { value: url }],
    tripod_backend_jwt_secret: [{ value: key }],
  });
  const server = await startServerProcess({ ...production, ...environment });
  await createClient(server.url).call('getReadiness', 200);
  const body = { email: 'person@example.org', password };
  await createClient(server.url).call('signUp', 201, { body });
  t.is(await server.stop('SIGTERM'), 0);
  t.deepEqual(
    asked.map((path) => path.split('/')[5]),
    [
      ...['tripod_backend_neon_database_url', 'tripod_backend_neon_database_url'],
      'tripod_backend_jwt_secret',
    ],
  );
  const credentials = new URL(url);
  for (const secret of [url, credentials.password, key.trim(), accessToken].filter((text) => text !== ''))
    t.false(server.output().includes(secret), secret);
});

test.serial('Production does not start without a secret, and says in one line which', async (t) => {
  const { environment } = await startSecretManager(t, {
    tripod_backend_neon_database_url: [{ value: 'postgresql://nobody:a-secret@localhost/nothing' }],
    tripod_backend_jwt_secret: [{ code: 403, status: 'PERMISSION_DENIED', message: 'Permission denied.' }],
  });
  const { code, output } = await failServerProcess({ ...production, ...environment });
  t.is(code, 1);
  t.regex(output, /^JWT_SECRET_KEY cannot be read from secret tripod_backend_jwt_secret, [^\n]+\n$/);
  t.notRegex(output, /a-secret/);
});

test.serial('A start without any account on Google Cloud says in one line how to get one', async (t) => {
  const { environment } = await startSecretManager(t, {});
  const { code, output } = await failServerProcess({
    ...production,
    ...environment,
    METADATA_SERVER_DETECTION: 'none',
  });
  t.is(code, 1);
  t.regex(
    output,
    /^SECRETS_PROJECT_ID tripod-test needs Google Cloud credentials [^\n]+auth application-default login\.\n$/,
  );
});

test('The environment goes before files, and files before Secret Manager', async (t) => {
  const directory = await temporaryDirectory(t);
  await writeFile(join(directory, 'JWT_SECRET_KEY'), key);
  await writeFile(join(directory, 'SMTP_URL'), 'smtps://in-a-file.example.org');
  await writeFile(join(directory, 'PORT'), '1');
  const { environment, asked } = await startSecretManager(t, {});
  const given = {
    ...environment,
    SECRETS_DIRECTORY: directory,
    DATABASE_URL: 'postgresql://localhost/a',
    SMTP_URL: 'smtps://given.example.org',
    JWT_SECRET_KEY: '',
  };
  t.deepEqual(await withSecrets(given), { ...given, JWT_SECRET_KEY: key });
  t.deepEqual(asked, []);
});

test('A folder of secrets that cannot be read is named', async (t) => {
  const SECRETS_DIRECTORY = join(await temporaryDirectory(t), 'nowhere');
  await t.throwsAsync(withSecrets({ SECRETS_DIRECTORY }), {
    message: `SECRETS_DIRECTORY ${SECRETS_DIRECTORY} must be a folder that can be read (ENOENT).`,
  });
});

test.serial(
  'Secrets are written to files for their owner alone, from which the service starts',
  async (t) => {
    const directory = await temporaryDirectory(t);
    const url = await temporaryDatabase(t);
    const { environment, asked } = await startSecretManager(t, {
      url_local: [{ value: url }],
      jwt: [{ value: key }],
    });
    await writeFile(join(directory, 'SMTP_URL'), 'from an earlier run');
    const settings = {
      ...environment,
      SECRETS_DIRECTORY: directory,
      SECRETS: 'DATABASE_URL=url_local:7, JWT_SECRET_KEY=jwt',
    };
    const written = await runProgram('dist/write-secrets.js', settings);
    t.deepEqual({ ...written, stdout: '' }, { code: 0, stdout: '', stderr: '' });
    t.is(written.stdout.split('\n').length, 3);
    t.notRegex(written.stdout, new RegExp(`${key.trim()}|postgresql`));
    t.is(asked[0], '/v1/projects/tripod-test/secrets/url_local/versions/7:access');

    t.deepEqual((await readdir(directory)).sort(), ['DATABASE_URL', 'JWT_SECRET_KEY']);
    for (const name of ['DATABASE_URL', 'JWT_SECRET_KEY'])
      t.is((await stat(join(directory, name))).mode & 0o777, 0o600, name);
    t.is(await readFile(join(directory, 'JWT_SECRET_KEY'), 'utf8'), key);

    const server = await startServerProcess({ ...production, SECRETS_DIRECTORY: directory });
    await createClient(server.url).call('getReadiness', 200);
    t.is(await server.stop('SIGTERM'), 0);
  },
);

test.serial('Secrets are not written when one of them cannot be read', async (t) => {
  const directory = await temporaryDirectory(t);
  const { environment } = await startSecretManager(t, {
    url_local: [{ value: 'a-secret' }],
    jwt: [{ code: 404, status: 'NOT_FOUND', message: 'Not found.' }],
  });
  const settings = {
    ...environment,
    SECRETS_DIRECTORY: directory,
    SECRETS: 'DATABASE_URL=url_local,JWT_SECRET_KEY=jwt',
  };
  const { code, stdout, stderr } = await runProgram('dist/write-secrets.js', settings);
  t.deepEqual([code, stdout], [1, '']);
  t.regex(stderr, /^JWT_SECRET_KEY cannot be read from secret jwt, [^\n]+\n$/);
  t.deepEqual(await readdir(directory), []);
});

test.serial('What writes secrets says which settings it needs', async (t) => {
  const { code, stderr } = await runProgram('dist/write-secrets.js', {});
  t.is(code, 1);
  t.regex(stderr, /^SECRETS_PROJECT_ID and SECRETS_DIRECTORY are required[^\n]+\n$/);
});
