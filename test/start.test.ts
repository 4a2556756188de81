import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { connectDatabase, connectForMigrations } from '../src/core/database.ts';
import { oneAtATime } from '../src/core/migrations/lock.ts';
import { projectMigrations } from '../src/core/migrations/source.ts';
import { createClient } from './helpers/client.ts';
import { createEmptyDatabase } from './helpers/databases.ts';
import { password } from './helpers/people.ts';
import { failServerProcess, startServerProcess } from './helpers/server-process.ts';

const secret = 'only for this test, but of a decent length';
const credentials = { email: 'first.admin@example.org', password };
const bootstrap = {
  BOOTSTRAP_ADMIN_EMAIL: credentials.email,
  BOOTSTRAP_ADMIN_PASSWORD: credentials.password,
};

async function withDataDirectory(use: (DATA_DIR: string) => Promise<void>): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'tripod-start-'));
  try {
    await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  }
}

test.serial('a first start says where everything is and how to make the first admin', async (t) => {
  await withDataDirectory(async (DATA_DIR) => {
    const server = await startServerProcess({ DATA_DIR });
    t.regex(
      server.output(),
      new RegExp(`API +${server.url}/api\\n +Docs +${server.url}/docs\\n +Data +${DATA_DIR}\\n`),
    );
    t.regex(server.output(), /npm run admin:create -- --email/);
    await createClient(server.url).call('getReadiness', 200);
    t.is(await server.stop('SIGTERM'), 0);
  });
});

test.serial('the data, the sessions and the admin outlive kill -9', async (t) => {
  await withDataDirectory(async (DATA_DIR) => {
    const first = await startServerProcess({ DATA_DIR, ...bootstrap });
    t.notRegex(first.output(), /admin:create/);
    const { body: signedIn } = await createClient(first.url).call('logIn', 200, { body: credentials });
    t.true(signedIn.user.is_platform_admin);
    await first.stop('SIGKILL');

    const second = await startServerProcess({ DATA_DIR });
    const { body: user } = await createClient(second.url).call('getMe', 200, { as: signedIn.tokens });
    t.deepEqual(user, signedIn.user);
    await second.stop('SIGTERM');
  });
});

test.serial('two services with data of their own run side by side', async (t) => {
  await withDataDirectory((one) =>
    withDataDirectory(async (other) => {
      const servers = await Promise.all([
        startServerProcess({ DATA_DIR: one }),
        startServerProcess({ DATA_DIR: other }),
      ]);
      for (const { url } of servers) await createClient(url).call('signUp', 201, { body: credentials });
      for (const server of servers) t.is(await server.stop('SIGINT'), 0);
    }),
  );
});

test.serial(
  'eight instances that start at once on one empty database all serve it, with one admin and each migration once',
  async (t) => {
    const { url: DATABASE_URL, drop } = await createEmptyDatabase();
    const environment = { DATABASE_URL, JWT_SECRET_KEY: secret, NODE_ENV: 'production', ...bootstrap };
    const servers = await Promise.all(Array.from({ length: 8 }, () => startServerProcess(environment)));
    const { body } = await createClient(servers[0]?.url ?? '').call('logIn', 200, { body: credentials });
    for (const server of servers) {
      await createClient(server.url).call('getMe', 200, { as: body.tokens });
      t.notRegex(server.output(), new RegExp(`${secret}|${password}`));
      t.is(await server.stop('SIGTERM'), 0);
    }
    const database = connectDatabase(DATABASE_URL);
    t.like(await database('users').count().first(), { count: '1' });
    t.deepEqual(
      await database('knex_migrations').orderBy('id').pluck('name'),
      await projectMigrations.names(),
    );
    await database.destroy();
    await drop();
  },
);

test.serial('an instance that has nothing to migrate starts while another migrates', async (t) => {
  const { url: DATABASE_URL, drop } = await createEmptyDatabase();
  const environment = { DATABASE_URL, JWT_SECRET_KEY: secret, ...bootstrap };
  const first = await startServerProcess(environment);
  const database = connectForMigrations(DATABASE_URL);
  await oneAtATime(database, async () => {
    const second = await startServerProcess(environment);
    t.is(await second.stop('SIGTERM'), 0);
  });
  await database.destroy();
  await first.stop('SIGTERM');
  await drop();
});

test.serial('a request that is under way when the service is told to stop is answered', async (t) => {
  const { url: DATABASE_URL, drop } = await createEmptyDatabase();
  const server = await startServerProcess({ DATABASE_URL, JWT_SECRET_KEY: secret });
  const signUps = Array.from({ length: 10 }, (_, index) =>
    createClient(server.url).call('signUp', 201, { body: { email: `${index}@example.org`, password } }),
  );
  // Passwords are hashed four at a time, so most of them still wait.
  await Promise.race(signUps);
  const [code] = await Promise.all([server.stop('SIGTERM'), ...signUps]);
  t.is(code, 0);
  await drop();
});

test.serial('a port that is taken stops the start with a word about it', async (t) => {
  const { url: DATABASE_URL, drop } = await createEmptyDatabase();
  const environment = { DATABASE_URL, JWT_SECRET_KEY: secret };
  const server = await startServerProcess(environment);
  const { code, output } = await failServerProcess({ ...environment, PORT: new URL(server.url).port });
  t.is(code, 1);
  t.regex(output, /^PORT \d+ is taken[^\n]*\n$/);
  await server.stop('SIGTERM');
  await drop();
});
