import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExecutionContext } from 'ava';
import crc32c from 'crc-32/crc32c.js';

/** What is said to one request for a secret. */
type Saying =
  | { readonly value: string; readonly checksum?: string }
  | { readonly code: number; readonly status: string; readonly message: string }
  | 'silence'
  | 'hang up';

export interface SecretManager {
  /** For a process that is to find it, and no credentials of whoever runs the tests. */
  readonly environment: Readonly<Record<string, string>>;
  /** Paths of the versions that were asked for. */
  readonly asked: readonly string[];
}

const project = 'tripod-test';
export const accessToken = 'a token that only metadata knows';

/**
 * Speaks as Secret Manager does over REST, and as the metadata server does that gives a service on Google Cloud its account.
 * @param secrets by name, what is said the first time, the second time and so on; the last is said again and again
 */
export async function startSecretManager(
  t: ExecutionContext,
  secrets: Readonly<Record<string, readonly Saying[]>>,
): Promise<SecretManager> {
  const asked: string[] = [];
  const left = new Map(Object.entries(secrets).map(([name, sayings]) => [name, [...sayings]]));
  const home = await mkdtemp(join(tmpdir(), 'tripod-no-credentials-'));

  const server = createServer((request, response) => {
    const path = request.url ?? '';
    response.setHeader('Metadata-Flavor', 'Google');
    if (path.startsWith('/computeMetadata/v1/')) {
      const isToken = path.includes('/service-accounts/default/token');
      const token = { access_token: accessToken, expires_in: 3_000, token_type: 'Bearer' };
      answer(response, 200, isToken ? token : project);
      return;
    }
    const name = new RegExp(`^/v1/projects/${project}/secrets/([^/]+)/versions/[^/]+:access$`).exec(
      path,
    )?.[1];
    const sayings = left.get(name ?? '');
    if (request.headers.authorization !== `Bearer ${accessToken}` || name === undefined || !sayings) {
      answer(response, 500, `unexpected: ${path}`);
      return;
    }
    asked.push(path);
    say(response, path, (sayings.length > 1 ? sayings.shift() : sayings[0]) ?? 'hang up');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await rm(home, { recursive: true });
  });

  const { port } = server.address() as AddressInfo;
  return {
    asked,
    environment: {
      HOME: home,
      GCE_METADATA_HOST: `127.0.0.1:${port}`,
      SECRETS_ENDPOINT: `http://127.0.0.1:${port}`,
      SECRETS_PROJECT_ID: project,
    },
  };
}

function say(response: ServerResponse, path: string, saying: Saying): void {
  if (saying === 'silence') return;
  if (saying === 'hang up') response.destroy();
  else if ('code' in saying) answer(response, saying.code, { error: saying });
  else {
    const { value, checksum = String(crc32c.str(value) >>> 0) } = saying;
    const name = path.slice('/v1/'.length).replace(':access', '');
    const data = Buffer.from(value).toString('base64');
    answer(response, 200, { name, payload: { data, dataCrc32c: checksum } });
  }
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=UTF-8' }).end(JSON.stringify(body));
}
