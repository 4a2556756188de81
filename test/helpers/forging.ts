import {
  createHash,
  createHmac,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type JsonWebKey,
  type KeyObject,
} from 'node:crypto';
import type { Schema } from '../../src/core/schema.ts';
import type { Signed } from './client.ts';
import { signUp, type Person } from './people.ts';
import { secretAlone, startService, testSecret, type Keys, type TestService } from './service.ts';

export type Members = Readonly<Record<string, unknown>>;
/** Makes the signature of what comes before it in a token. */
export type Sign = (input: string) => Buffer;

export function newPrivateKey(): KeyObject {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
}

export function hmac(key: string | Buffer, hash = 'sha256'): Sign {
  return (input) => createHmac(hash, key).update(input).digest();
}

export function ecdsa(key: KeyObject, dsaEncoding: 'ieee-p1363' | 'der' = 'ieee-p1363'): Sign {
  return (input) => sign('sha256', Buffer.from(input), { key, dsaEncoding });
}

export function encoded(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

/** An access token put together by hand, of any parts. */
export function forge(header: unknown, claims: unknown, sign: Sign): Signed {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return { access_token: `${input}.${sign(input).toString('base64url')}` };
}

export function headerOf({ access_token }: Signed): Members {
  return decoded(access_token.split('.')[0]);
}

export function claimsOf({ access_token }: Signed): Members {
  return decoded(access_token.split('.')[1]);
}

function decoded(part = ''): Members {
  return JSON.parse(Buffer.from(part, 'base64url').toString()) as Members;
}

export function seconds(fromNow: number): number {
  return Math.floor(Date.now() / 1000) + fromNow;
}

/** RFC 7638, written down apart from the service's own. */
export function kidOf(key: KeyObject): string {
  const { x, y } = createPublicKey(key).export({ format: 'jwk' });
  return createHash('sha256').update(`{"crv":"P-256","kty":"EC","x":"${x}","y":"${y}"}`).digest('base64url');
}

/** What a tool finds out that has nothing but the published keys, by means of Node alone. */
export function verifiesWith({ access_token }: Signed, { keys }: Schema<'JsonWebKeySet'>): boolean {
  const [header, claims, signature = ''] = access_token.split('.');
  const { kid } = headerOf({ access_token });
  const key = keys.find((each) => each.kid === kid);
  return (
    key !== undefined &&
    verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      { key: createPublicKey({ format: 'jwk', key: key as JsonWebKey }), dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    )
  );
}

/** A service with its keys, somebody who is signed in there, and what their tokens are made of. */
export interface Installation {
  readonly name: string;
  readonly keys: Keys;
  readonly service: TestService;
  readonly person: Person;
  /** As in a token of the service. */
  readonly header: Members;
  readonly claims: Members;
  readonly sign: Sign;
}

export const privateKeys = [newPrivateKey(), newPrivateKey()] as const;
const [signingKey] = privateKeys;

const installationKeys: Readonly<Record<string, Keys>> = {
  'With a secret': secretAlone,
  'With private keys': { secret: undefined, privateKeys, signingAlgorithm: 'ES256' },
  'With private keys beside a secret': { secret: testSecret, privateKeys, signingAlgorithm: 'ES256' },
  'With a secret beside private keys': { secret: testSecret, privateKeys, signingAlgorithm: 'HS256' },
};

export function startInstallations(): Promise<Installation[]> {
  return Promise.all(
    Object.entries(installationKeys).map(async ([name, keys]) => {
      const service = await startService({ keys });
      const person = await signUp(service);
      const { signingAlgorithm: alg } = keys;
      return {
        ...{ name, keys, service, person, claims: claimsOf(person) },
        header: { alg, typ: 'JWT', ...(alg === 'ES256' ? { kid: kidOf(signingKey) } : {}) },
        sign: alg === 'ES256' ? ecdsa(signingKey) : hmac(testSecret),
      };
    }),
  );
}
