import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test from 'ava';
import { spectral } from '../scripts/spectral.ts';
import { document } from './helpers/contract.ts';

/** Where to change the contract, and to what; `undefined` takes it away. */
type Change = readonly [path: readonly string[], value: unknown];

const users = ['paths', '/api/users', 'get'];
const signIn = ['paths', '/api/auth/login', 'post'];
const readiness = ['paths', '/health/ready', 'get'];

/** Those of OWASP's rules that `.spectral.yaml` narrows, each by what it must still find. */
const found: Record<string, readonly Change[]> = {
  'owasp:api2:2023-read-restricted': [[[...users, 'security'], []]],
  'owasp:api2:2023-write-restricted': [[['paths', '/api/phases', 'post', 'security'], []]],
  'owasp:api4:2023-rate-limit': [[[...signIn, 'responses', '200', 'headers', 'RateLimit'], undefined]],
  'owasp:api4:2023-rate-limit-responses-429': [[[...signIn, 'responses', '429'], undefined]],
  'owasp:api8:2023-define-error-responses-401': [[[...users, 'responses', '401'], undefined]],
  'owasp:api8:2023-define-error-responses-500': [[[...readiness, 'responses', '500'], undefined]],
  'owasp:api8:2023-define-cors-origin': [[[...users, 'responses', '200', 'headers'], undefined]],
};

test('a contract that lacks what OWASP asks for is refused, also where its rules are narrowed', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'owasp-'));
  t.teardown(() => rm(directory, { recursive: true }));
  const broken = structuredClone(document);
  for (const [path, value] of Object.values(found).flat()) change(broken, path, value);
  const file = join(directory, 'openapi.json');
  await writeFile(file, JSON.stringify(broken, undefined, 2));
  const { exitCode, stdout } = await spectral(file);
  t.is(exitCode, 1);
  const rules = stdout.match(/owasp:[a-z0-9:-]+/g) ?? [];
  t.deepEqual([...new Set(rules)].sort(), Object.keys(found).sort(), stdout);
});

function change(contract: object, path: readonly string[], value: unknown): void {
  const last = path.at(-1) ?? '';
  const place = path
    .slice(0, -1)
    .reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], contract);
  if (value === undefined) Reflect.deleteProperty(place as object, last);
  else (place as Record<string, unknown>)[last] = value;
}
