import type { ExecutionContext } from 'ava';
import type { Signed } from './client.ts';
import { createClient } from './client.ts';
import { nodeOptions } from './dockerfile.ts';
import { password } from './people.ts';
import { builtServer, startServerProcess, type ServerProcess } from './server-process.ts';
import { testSecret } from './service.ts';

const credentials = { email: 'first.admin@example.org', password };

/** An instance as it runs in production, but for its size. */
export async function startInstance(
  t: Pick<ExecutionContext, 'teardown'>,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<ServerProcess> {
  const instance = await startServerProcess(
    {
      NODE_ENV: 'production',
      DATABASE_URL: databaseUrl,
      JWT_SECRET_KEY: testSecret,
      BOOTSTRAP_ADMIN_EMAIL: credentials.email,
      BOOTSTRAP_ADMIN_PASSWORD: credentials.password,
      ...settings,
    },
    [...nodeOptions, builtServer],
  );
  t.teardown(async () => {
    await instance.stop('SIGKILL');
  });
  return instance;
}

let languages = 0;

/** Somebody who may do anything, and a language to make projects for. */
export async function startWork(url: string): Promise<{ as: Signed; languageId: string }> {
  const client = createClient(url);
  const { body } = await client.call('logIn', 200, { body: credentials });
  const as = body.tokens;
  const code = `qa${String.fromCharCode(97 + languages)}`;
  languages += 1;
  const { body: language } = await client.call('createLanguage', 201, { as, body: { name: 'Danish', code } });
  return { as, languageId: language.id };
}
