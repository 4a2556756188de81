import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { nodeOptions } from '../../test/helpers/dockerfile.ts';
import type { Route } from './baselines/route.ts';
import { programOf, startChild, type Child } from './child.ts';

export const serverNames = ['service', 'limit', 'express'] as const;
export type ServerName = (typeof serverNames)[number];

export interface Server extends Child {
  readonly name: ServerName;
  readonly port: number;
}

interface Settings {
  readonly databaseUrl: string;
  readonly secret: string;
}

/** The built service, as in production; its log goes to /dev/null. */
export function startService({ databaseUrl, secret }: Settings): Promise<Server> {
  return start('service', programOf('server.js'), {
    DATABASE_URL: databaseUrl,
    JWT_SECRET_KEY: secret,
  });
}

export function startBaseline(
  name: 'limit' | 'express',
  { databaseUrl, secret }: Settings,
  routes: readonly Route[],
): Promise<Server> {
  return start(name, programOf(`bench/baselines/${name}.js`), {
    DATABASE_URL: databaseUrl,
    JWT_SECRET_KEY: secret,
    ROUTES: JSON.stringify(routes),
  });
}

async function start(
  name: ServerName,
  program: string,
  environment: Record<string, string>,
): Promise<Server> {
  const port = await freePort();
  const probe = `--import=${new URL('../../dist/bench/probe.js', import.meta.url).href}`;
  const child = startChild([...nodeOptions, probe, program], {
    NODE_ENV: 'production',
    PORT: String(port),
    ...environment,
  });
  await Promise.race([
    untilHealthy(port),
    child.exited.then((message) => {
      throw new Error(message);
    }),
  ]);
  return { ...child, name, port };
}

async function untilHealthy(port: number): Promise<void> {
  for (;;) {
    const isHealthy = await fetch(`http://127.0.0.1:${port}/health`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (isHealthy) return;
    await wait(50);
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => {
        resolve(port);
      });
    });
  });
}
