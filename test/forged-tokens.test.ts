import { createHash, createPublicKey, generateKeyPairSync, sign as signWith } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import test from 'ava';
import type { Signed } from './helpers/client.ts';
import {
  ecdsa,
  encoded,
  forge,
  headerOf,
  hmac,
  kidOf,
  newPrivateKey,
  privateKeys,
  startInstallations,
  type Installation,
  type Sign,
} from './helpers/forging.ts';
import { sendOdd } from './helpers/raw-http.ts';
import { testSecret } from './helpers/service.ts';

const installations = await startInstallations();
test.after.always(() => Promise.all(installations.map(({ service }) => service.stop())));

type Forge = (installation: Installation) => Signed;
type Forgeries = Readonly<Record<string, Forge>>;

const [first, second] = privateKeys;
const publicKey = createPublicKey(first);
const ofOurs = { alg: 'ES256', typ: 'JWT', kid: kidOf(first) };
const stranger = newPrivateKey();
const strangerJwk = { ...createPublicKey(stranger).export({ format: 'jwk' }), kid: kidOf(stranger) };

/** The right claims under another header, signed by whatever key the service has. */
function withHeader(change: (header: Installation['header']) => unknown): Forge {
  return ({ header, claims, sign }) => forge(change(header), claims, sign);
}

/** The right claims, signed by somebody else. */
function signedBy(header: Record<string, unknown>, sign: Sign): Forge {
  return ({ claims }) => forge({ typ: 'JWT', ...header }, claims, sign);
}

function withSignature(change: (signature: Buffer, input: string) => Buffer): Forge {
  return ({ header, claims, sign }) => forge(header, claims, (input) => change(sign(input), input));
}

function rewritten(change: (header: string, claims: string, signature: string) => string): Forge {
  return ({ person }) => {
    const [header = '', claims = '', signature = ''] = person.access_token.split('.');
    return { access_token: change(header, claims, signature) };
  };
}

const algorithms: Forgeries = {
  ...Object.fromEntries(
    ['none', 'None', 'NONE', 'nOnE', ''].flatMap((alg) => [
      [`of the algorithm "${alg}"`, withHeader((header) => ({ ...header, alg }))],
      [
        `of the algorithm "${alg}" and unsigned`,
        ({ header, claims }: Installation) => forge({ ...header, alg }, claims, () => Buffer.alloc(0)),
      ],
    ]),
  ),
  'without an algorithm': withHeader(({ alg: _, ...header }) => header),
  'of an algorithm in other letters': withHeader(({ alg, ...header }) => ({
    ...header,
    alg: String(alg).toLowerCase(),
  })),
  'of a list of algorithms': withHeader(({ alg, ...header }) => ({ ...header, alg: [alg] })),
  'of the algorithm null': withHeader((header) => ({ ...header, alg: null })),
  'of HS384': signedBy({ alg: 'HS384' }, hmac(testSecret, 'sha384')),
  'of HS512': signedBy({ alg: 'HS512' }, hmac(testSecret, 'sha512')),
  'of HS512, under the name of our key': signedBy({ ...ofOurs, alg: 'HS512' }, hmac(testSecret, 'sha512')),
  'of ES384': signedBy({ ...ofOurs, alg: 'ES384' }, (input) =>
    signWith('sha384', Buffer.from(input), {
      key: generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
      dsaEncoding: 'ieee-p1363',
    }),
  ),
  'of RS256': signedBy({ ...ofOurs, alg: 'RS256' }, (input) =>
    signWith('sha256', Buffer.from(input), generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey),
  ),
  'of EdDSA': signedBy({ ...ofOurs, alg: 'EdDSA' }, (input) =>
    signWith(null, Buffer.from(input), generateKeyPairSync('ed25519').privateKey),
  ),
};

/** What an attacker could take for the key of an HMAC, knowing nothing but what is published. */
const publishedForms: Readonly<Record<string, string | Buffer>> = {
  'as PEM': publicKey.export({ type: 'spki', format: 'pem' }),
  'as PEM without the last newline': String(publicKey.export({ type: 'spki', format: 'pem' })).trim(),
  'as DER': publicKey.export({ type: 'spki', format: 'der' }),
  'as base64': publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  'as JWK': JSON.stringify(publicKey.export({ format: 'jwk' })),
  'by its point': publicKey.export({ type: 'spki', format: 'der' }).subarray(-65),
  'by its x': publicKey.export({ format: 'jwk' }).x ?? '',
  'by its name': kidOf(first),
};

const confusions: Forgeries = {
  ...Object.fromEntries(
    Object.entries(publishedForms).flatMap(([form, key]) => [
      [`of HS256 by the public key ${form}`, signedBy({ alg: 'HS256' }, hmac(key))],
      [
        `of HS256 by the public key ${form}, under its name`,
        signedBy({ ...ofOurs, alg: 'HS256' }, hmac(key)),
      ],
      [`of ES256 with an HMAC by the public key ${form}`, signedBy(ofOurs, hmac(key))],
    ]),
  ),
  'of HS256 with the signature of the private key': signedBy({ alg: 'HS256' }, ecdsa(first)),
  'of HS256 with the signature of the private key, under its name': signedBy(
    { ...ofOurs, alg: 'HS256' },
    ecdsa(first),
  ),
  'of HS256 by the secret, under the name of the private key': signedBy(
    { ...ofOurs, alg: 'HS256' },
    hmac(testSecret),
  ),
  'of ES256 with an HMAC by the secret': signedBy(ofOurs, hmac(testSecret)),
  'of ES256 with an HMAC by the secret, without a name': signedBy({ alg: 'ES256' }, hmac(testSecret)),
  'of ES256 by the private key, without its name': signedBy({ alg: 'ES256' }, ecdsa(first)),
  'of HS256 by the empty key': signedBy({ alg: 'HS256' }, hmac('')),
  'of HS256 by another secret': signedBy({ alg: 'HS256' }, hmac(`${testSecret}!`)),
  'of HS256 by another secret, under a name': signedBy({ alg: 'HS256', kid: 'k' }, hmac(`${testSecret}!`)),
  'of ES256 by another key under our name': signedBy(ofOurs, ecdsa(stranger)),
  'of ES256 by another key under its own name': signedBy(
    { alg: 'ES256', kid: kidOf(stranger) },
    ecdsa(stranger),
  ),
  'of one of our keys under the name of the other': signedBy({ ...ofOurs, kid: kidOf(second) }, ecdsa(first)),
};

const names: Readonly<Record<string, unknown>> = {
  'that is unknown': 'unknown',
  'that is empty': '',
  'that is a path': '../../../../../../dev/null',
  'that is a file': '/dev/null',
  'that is an address': 'https://keys.example.org/jwks.json',
  'that is SQL': `' union select '${testSecret}' --`,
  'that is a command': '| sleep 10',
  'that is longer than any': 'k'.repeat(8_000),
  'that every object has': 'constructor',
  'that every object has too': '__proto__',
  'with a space behind it': `${kidOf(first)} `,
  'in capitals': kidOf(first).toUpperCase(),
  'that is a number': 0,
  'that is null': null,
  'that is true': true,
  'that is a list': [kidOf(first)],
  'that is an object': { toString: kidOf(first) },
};

const headers: Forgeries = {
  ...Object.fromEntries(
    Object.entries(names).map(([title, kid]) => [
      `with a kid ${title}`,
      withHeader((header) => ({ ...header, kid })),
    ]),
  ),
  'with a kid that is a file, signed with what is in it': signedBy(
    { alg: 'HS256', kid: '/dev/null' },
    hmac(''),
  ),
  ...Object.fromEntries(
    [['exp'], ['b64'], ['kid'], ['unknown'], [], null].map((crit) => [
      `that calls ${JSON.stringify(crit)} critical`,
      withHeader((header) => ({ ...header, crit, b64: true, unknown: 1 })),
    ]),
  ),
  'that brings its own key': signedBy({ alg: 'ES256', jwk: strangerJwk }, ecdsa(stranger)),
  'that brings its own key under our name': signedBy({ ...ofOurs, jwk: strangerJwk }, ecdsa(stranger)),
  'that brings its own secret': signedBy(
    { alg: 'HS256', jwk: { kty: 'oct', k: Buffer.from('secret').toString('base64url') } },
    hmac('secret'),
  ),
  'with its header in a list': withHeader((header) => [header]),
  'with the header null': withHeader(() => null),
  'with a word for a header': withHeader(() => 'header'),
};

const signatures: Forgeries = {
  'of another key': ({ header, claims }) =>
    forge(header, claims, header['alg'] === 'ES256' ? ecdsa(stranger) : hmac('another secret')),
  'without a signature': withSignature(() => Buffer.alloc(0)),
  'with one byte of its signature changed': withSignature((signature) => {
    signature[7] = (signature[7] ?? 0) ^ 1;
    return signature;
  }),
  'with a signature that is cut short': withSignature((signature) => signature.subarray(0, -1)),
  'with a signature that is longer': withSignature((signature) => Buffer.concat([signature, Buffer.of(0)])),
  'with the signature twice': withSignature((signature) => Buffer.concat([signature, signature])),
  'with a signature of zeros': withSignature((signature) => Buffer.alloc(signature.length)),
  'with a signature of 32 zeros': withSignature(() => Buffer.alloc(32)),
  'with a signature of 64 zeros': withSignature(() => Buffer.alloc(64)),
  'with a signature of ones': withSignature((signature) => Buffer.alloc(signature.length, 0xff)),
  'with the order of the curve for a signature': withSignature(() => {
    const order = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex');
    return Buffer.concat([order, order]);
  }),
  'with the hash of its content for a signature': withSignature((_, input) =>
    createHash('sha256').update(input).digest(),
  ),
  'with the signature of its claims alone': ({ header, claims, sign }) =>
    forge(header, claims, () => sign(encoded(claims))),
  'with other claims under its signature': rewritten((header, _, signature) =>
    [header, encoded({ sub: '01981f50-1c33-7e5d-8a43-7f2b9c6d4e35' }), signature].join('.'),
  ),
  'with another header under its signature': rewritten((header, claims, signature) =>
    [`${header}x`, claims, signature].join('.'),
  ),
};

const forms: Forgeries = {
  'that is a refresh token': ({ person }) => ({ access_token: person.refresh_token }),
  'that is a word': () => ({ access_token: 'garbage' }),
  'that is empty': () => ({ access_token: '' }),
  'that is two dots': () => ({ access_token: '..' }),
  'without its signature': rewritten((header, claims) => `${header}.${claims}`),
  'without its signature, but with the dot': rewritten((header, claims) => `${header}.${claims}.`),
  'without its header': rewritten((_, claims, signature) => `.${claims}.${signature}`),
  'without its claims': rewritten((header, _, signature) => `${header}..${signature}`),
  'with a fourth part': rewritten((header, claims, signature) => `${header}.${claims}.${signature}.x`),
  'with two signatures': rewritten((...[header, claims, signature]) =>
    [header, claims, signature, signature].join('.'),
  ),
  'of five parts': rewritten((...parts) => [...parts, ...parts].slice(0, 5).join('.')),
  'with its header twice': rewritten((header, claims, signature) =>
    [header, header, claims, signature].join('.'),
  ),
  'that stands there twice': rewritten((...parts) => `${parts.join('.')}${parts.join('.')}`),
  'with another one behind a comma': rewritten((...parts) => `${parts.join('.')},${parts.join('.')}`),
  'in quotes': rewritten((...parts) => `"${parts.join('.')}"`),
  'with padding': rewritten((...parts) => parts.map((part) => `${part}=`).join('.')),
  'with a header that is no JSON': ({ claims, sign }) => {
    const input = `${Buffer.from('{"alg":').toString('base64url')}.${encoded(claims)}`;
    return { access_token: `${input}.${sign(input).toString('base64url')}` };
  },
  'of 12,000 characters': () => ({ access_token: 'x'.repeat(12_000) }),
  'of 4,000 parts': () => ({ access_token: 'x.'.repeat(4_000) }),
  'with 12,000 characters of claims': rewritten((header, _, signature) =>
    [header, 'x'.repeat(12_000), signature].join('.'),
  ),
  'with 12,000 characters of signature': rewritten((header, claims) =>
    [header, claims, 'x'.repeat(12_000)].join('.'),
  ),
};

for (const installation of installations) {
  const { name, service, person, header, claims, sign } = installation;
  const kinds = [algorithms, confusions, headers, signatures, forms];

  for (const [title, forgery] of kinds.flatMap((kind) => Object.entries(kind))) {
    test(`${name}, an access token ${title} is refused`, async (t) => {
      const { body, headers } = await service.call('getMe', 401, { as: forgery(installation) });
      t.is(body.code, 'UNAUTHORIZED');
      t.is(headers.get('WWW-Authenticate'), 'Bearer realm="tripod", error="invalid_token"');
    });
  }

  test(`${name}, an access token put together by hand is accepted`, async (t) => {
    t.deepEqual(headerOf(person), header);
    const reversed = Object.fromEntries(Object.entries(header).toReversed());
    const bare = Object.fromEntries(Object.entries(header).filter(([member]) => member !== 'typ'));
    for (const like of [header, reversed, bare]) {
      const { body } = await service.call('getMe', 200, { as: forge(like, claims, sign) });
      t.is(body.id, person.id);
    }
  });

  test(`${name}, an access token of 100 KiB is refused before anyone looks at it`, async (t) => {
    const as = { access_token: 'x'.repeat(102_400) };
    const { status } = await sendOdd(service.url, { method: 'GET', path: '/api/auth/me', as });
    t.is(status, 431);
  });

  test(`${name}, where a token says its key is to be found is never asked`, async (t) => {
    let asked = 0;
    const server = createServer((_, response) => {
      asked += 1;
      response.end(JSON.stringify({ keys: [strangerJwk] }));
    });
    await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
    t.teardown(() => server.close());
    const place = `http://localhost:${(server.address() as AddressInfo).port}/jwks.json`;
    const leading = { jku: place, x5u: place, x5c: [place], jwk: strangerJwk };
    for (const like of [header, { ...header, kid: kidOf(stranger) }, { alg: 'ES256', typ: 'JWT' }])
      await service.call('getMe', 401, { as: forge({ ...like, ...leading }, claims, ecdsa(stranger)) });
    await service.call('getMe', 200, { as: forge({ ...header, ...leading }, claims, sign) });
    t.is(asked, 0);
  });

  test(`${name}, an access token is no refresh token`, async (t) => {
    const { access_token: refresh_token } = person;
    await service.call('refreshTokens', 401, { body: { refresh_token } });
    await service.call('logOut', 204, { body: { refresh_token } });
    await service.call('getMe', 200, { as: person });
    t.pass();
  });
}
