import { createPublicKey, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { readSettings } from '../src/core/settings.ts';
import { orderKeys } from '../src/core/signing-keys.ts';
import { createTokens } from '../src/core/tokens.ts';
import { createClient } from './helpers/client.ts';
import { createTestDatabase } from './helpers/databases.ts';
import { headerOf, kidOf, newPrivateKey } from './helpers/forging.ts';
import { password } from './helpers/people.ts';
import { runProgram } from './helpers/run-program.ts';
import { failServerProcess, startServerProcess } from './helpers/server-process.ts';
import { secretAlone, testSecret } from './helpers/service.ts';

const [one, other] = [newPrivateKey(), newPrivateKey()];
const pkcs8 = (key: KeyObject) => String(key.export({ type: 'pkcs8', format: 'pem' }));
const sec1 = (key: KeyObject) => String(key.export({ type: 'sec1', format: 'pem' }));
const onCurve = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).privateKey;

const texts: Readonly<Record<string, string>> = {
  'as PKCS#8': pkcs8(one) + pkcs8(other),
  'as SEC1': sec1(one) + sec1(other),
  'of both kinds': pkcs8(one) + sec1(other),
  'with empty lines around them': `\n\n${pkcs8(one)}\n \n${sec1(other)}\n`,
  'on one line, with \\n for a newline': (pkcs8(one) + sec1(other)).replaceAll('\n', String.raw`\n`),
  'with the newlines of Windows': (pkcs8(one) + sec1(other)).replaceAll('\n', '\r\n'),
};

for (const [title, JWT_PRIVATE_KEYS] of Object.entries(texts)) {
  test(`JWT_PRIVATE_KEYS takes keys ${title}, in their order`, (t) => {
    const { jwtPrivateKeys, jwtSigningAlgorithm } = readSettings({ JWT_PRIVATE_KEYS });
    t.deepEqual(jwtPrivateKeys.map(kidOf), [one, other].map(kidOf));
    t.is(jwtSigningAlgorithm, 'ES256');
  });
}

/** A file whose public key is not that of its private one. */
function mismatched(): string {
  const { x = '', y = '' } = createPublicKey(other).export({ format: 'jwk' });
  return pkcs8(createPrivateKey({ format: 'jwk', key: { ...one.export({ format: 'jwk' }), x, y } }));
}

const encrypted = { cipher: 'aes-256-cbc', passphrase: 'of no use here' };
const wrong: Readonly<Record<string, string>> = {
  'is a word': 'secret',
  'is a key for RS256': pkcs8(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  'is a key for EdDSA': pkcs8(generateKeyPairSync('ed25519').privateKey),
  'is on another curve': pkcs8(onCurve('P-384')),
  'is on another curve, as SEC1': sec1(onCurve('P-521')),
  'is on a curve of as many bits': pkcs8(onCurve('secp256k1')),
  'is a public key': String(createPublicKey(one).export({ type: 'spki', format: 'pem' })),
  'is encrypted': String(one.export({ type: 'pkcs8', format: 'pem', ...encrypted })),
  'is encrypted, as SEC1': String(one.export({ type: 'sec1', format: 'pem', ...encrypted })),
  'is base64 without its lines around': pkcs8(one).split('\n').slice(1, -2).join(''),
  'is JSON': JSON.stringify(one.export({ format: 'jwk' })),
  'is cut short': pkcs8(one).slice(0, -40),
  'is damaged': pkcs8(one).replace(/\n.{20}/, '\n'),
  'ends like another kind': pkcs8(one).replace('END PRIVATE KEY', 'END EC PRIVATE KEY'),
  'has a public key that is not its own': mismatched(),
  'has a word between two keys': `${pkcs8(one)}and\n${pkcs8(other)}`,
  'has a public key after the private one':
    pkcs8(one) + String(createPublicKey(one).export({ type: 'spki', format: 'pem' })),
  'has a key on another curve after a right one': pkcs8(one) + pkcs8(onCurve('P-384')),
  'has the same key twice': pkcs8(one) + pkcs8(other) + pkcs8(one),
  'has the same key twice, once as SEC1': pkcs8(one) + sec1(one),
  'has eleven keys': Array.from({ length: 11 }, () => pkcs8(newPrivateKey())).join(''),
};

/** One line that names the setting, and shows nothing of what it holds. */
function tellsOnly(t: ExecutionContext, message: string, setting: string, text: string): void {
  t.regex(message, new RegExp(`^${setting}[ =][^\\n]+$`));
  for (const line of text.split('\n')) {
    if (!line.startsWith('-----') && line.length > 8) t.false(message.includes(line));
  }
}

for (const [title, JWT_PRIVATE_KEYS] of Object.entries(wrong)) {
  test(`JWT_PRIVATE_KEYS that ${title} is refused with one line that does not show it`, (t) => {
    const error = t.throws(() => readSettings({ JWT_PRIVATE_KEYS }), { name: 'SettingError' });
    tellsOnly(t, error.message, 'JWT_PRIVATE_KEYS', JWT_PRIVATE_KEYS);
  });
}

test('In production one of JWT_SECRET_KEY and JWT_PRIVATE_KEYS is enough, and none is not', (t) => {
  const production = { NODE_ENV: 'production', DATABASE_URL: 'postgresql://localhost/tripod' };
  t.is(readSettings({ ...production, JWT_SECRET_KEY: testSecret }).jwtSigningAlgorithm, 'HS256');
  t.is(readSettings({ ...production, JWT_PRIVATE_KEYS: pkcs8(one) }).jwtSigningAlgorithm, 'ES256');
  t.throws(() => readSettings(production), {
    name: 'SettingError',
    message: /^JWT_SECRET_KEY or JWT_PRIVATE_KEYS is required/,
  });
});

test('With both kinds of keys, JWT_SIGNING_ALGORITHM decides which one signs', (t) => {
  const both = { JWT_SECRET_KEY: testSecret, JWT_PRIVATE_KEYS: pkcs8(one) };
  const signs = (environment: Record<string, string>) => readSettings(environment).jwtSigningAlgorithm;
  t.is(signs(both), 'ES256');
  t.is(signs({ ...both, JWT_SIGNING_ALGORITHM: 'ES256' }), 'ES256');
  t.is(signs({ ...both, JWT_SIGNING_ALGORITHM: 'HS256' }), 'HS256');
});

for (const [title, environment] of Object.entries({
  'is unknown': { JWT_SIGNING_ALGORITHM: 'RS256', JWT_PRIVATE_KEYS: pkcs8(one) },
  'is none': { JWT_SIGNING_ALGORITHM: 'none' },
  'needs private keys': { JWT_SIGNING_ALGORITHM: 'ES256', JWT_SECRET_KEY: testSecret },
  'needs a secret': { JWT_SIGNING_ALGORITHM: 'HS256', JWT_PRIVATE_KEYS: pkcs8(one) },
})) {
  test(`JWT_SIGNING_ALGORITHM that ${title} is refused with one line`, (t) => {
    const error = t.throws(() => readSettings(environment), { name: 'SettingError' });
    tellsOnly(t, error.message, 'JWT_SIGNING_ALGORITHM', pkcs8(one) + testSecret);
  });
}

test('A key makes the same refresh tokens however it is written, and no other key does', (t) => {
  const fixed = { clock: () => new Date(0), accessTokenMinutes: 30, refreshTokenMinutes: 10_080 };
  const refreshTokenBy = (environment: Record<string, string>) => {
    const { jwtPrivateKeys: privateKeys } = readSettings(environment);
    const keys = orderKeys({ secret: undefined, privateKeys, signingAlgorithm: 'ES256' });
    const claims = { userId: '', sessionId: '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35', generation: 7 };
    return createTokens({ ...fixed, keys }).issue(claims).refresh_token;
  };
  const first = refreshTokenBy({ JWT_PRIVATE_KEYS: pkcs8(one) });
  t.is(refreshTokenBy({ JWT_PRIVATE_KEYS: sec1(one) }), first);
  t.is(refreshTokenBy({ JWT_PRIVATE_KEYS: sec1(one) + sec1(other) }), first);
  t.not(refreshTokenBy({ JWT_PRIVATE_KEYS: pkcs8(other) }), first);
});

test('Without any key no tokens can be made', (t) => {
  const keys = orderKeys({ ...secretAlone, secret: undefined });
  t.throws(
    () => createTokens({ keys, clock: () => new Date(), accessTokenMinutes: 1, refreshTokenMinutes: 1 }),
    { message: /no key/ },
  );
});

async function withDataDirectory(t: ExecutionContext): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tripod-keys-'));
  t.teardown(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

// One after another: each is a process or two.
test.serial(
  'A start with private keys in production signs with them, and keeps no secret of its own',
  async (t) => {
    const DATA_DIR = await withDataDirectory(t);
    const { url: DATABASE_URL, drop } = await createTestDatabase();
    t.teardown(drop);
    const JWT_PRIVATE_KEYS = pkcs8(one).replaceAll('\n', String.raw`\n`);
    const server = await startServerProcess({
      NODE_ENV: 'production',
      DATABASE_URL,
      DATA_DIR,
      JWT_PRIVATE_KEYS,
    });
    const client = createClient(server.url);
    const { body } = await client.call('signUp', 201, { body: { email: 'someone@example.org', password } });
    t.is(headerOf(body.tokens)['kid'], kidOf(one));
    t.deepEqual(
      (await client.call('getJsonWebKeySet', 200)).body.keys.map(({ kid }) => kid),
      [kidOf(one)],
    );
    t.is(await server.stop('SIGTERM'), 0);
    t.deepEqual(await readdir(DATA_DIR), []);
    for (const line of pkcs8(one).split('\n').slice(1, -2)) t.false(server.output().includes(line));
  },
);

test.serial('The start stops with one line when JWT_PRIVATE_KEYS is wrong', async (t) => {
  const JWT_PRIVATE_KEYS = wrong['is on another curve'] ?? '';
  const { code, output } = await failServerProcess({ JWT_PRIVATE_KEYS });
  t.is(code, 1);
  tellsOnly(t, output.trimEnd(), 'JWT_PRIVATE_KEYS', JWT_PRIVATE_KEYS);
});

test.serial('admin:create keeps no secret, for it signs nothing', async (t) => {
  const DATA_DIR = await withDataDirectory(t);
  const { url: DATABASE_URL, drop } = await createTestDatabase();
  t.teardown(drop);
  const options = ['--email', 'admin@example.org', '--password', password];
  const { code, stderr } = await runProgram('scripts/create-admin.ts', { DATABASE_URL, DATA_DIR }, options);
  t.is(code, 0, stderr);
  t.deepEqual(await readdir(DATA_DIR), []);
});
