import { createHash, createPublicKey, createSecretKey, hkdfSync, type KeyObject } from 'node:crypto';
import type { Schema } from './schema.ts';

export type SigningAlgorithm = 'HS256' | 'ES256';

/** A key goes with one algorithm, and is never used with another (RFC 8725, section 3.1). */
export interface SigningKey {
  readonly algorithm: SigningAlgorithm;
  /** Names the key in the header of its tokens; the secret has no name. */
  readonly kid: string | undefined;
  readonly signing: KeyObject;
  readonly verifying: KeyObject;
  /** For refresh tokens, which nobody but us has to read. */
  readonly refreshKey: Buffer;
  /** What others verify with. */
  readonly published: Schema<'JsonWebKey'> | undefined;
}

/** In the order of their use: the first one signs, and tokens of all of them are taken. */
export function orderKeys(keys: {
  secret: string | undefined;
  privateKeys: readonly KeyObject[];
  signingAlgorithm: SigningAlgorithm;
}): SigningKey[] {
  const asymmetric = keys.privateKeys.map(asymmetricKey);
  const symmetric = keys.secret === undefined ? [] : [symmetricKey(keys.secret)];
  return keys.signingAlgorithm === 'ES256' ? [...asymmetric, ...symmetric] : [...symmetric, ...asymmetric];
}

function symmetricKey(secret: string): SigningKey {
  // Given plain text, jsonwebtoken first tries to read it as a public key: half a millisecond for each request.
  const key = createSecretKey(secret, 'utf8');
  return {
    algorithm: 'HS256',
    kid: undefined,
    signing: key,
    verifying: key,
    refreshKey: refreshKeyOf(secret),
    published: undefined,
  };
}

function asymmetricKey(privateKey: KeyObject): SigningKey {
  // All four are there in every key on P-256 (RFC 7518, section 6.2).
  const { x = '', y = '', d = '' } = privateKey.export({ format: 'jwk' });
  const kid = thumbprint(x, y);
  return {
    algorithm: 'ES256',
    kid,
    signing: privateKey,
    verifying: createPublicKey(privateKey),
    // Unlike its encodings, the number itself is the same however the key was written.
    refreshKey: refreshKeyOf(Buffer.from(d, 'base64url')),
    published: { kty: 'EC', crv: 'P-256', x, y, kid, alg: 'ES256', use: 'sig' },
  };
}

/** RFC 7638: the same key has the same name on every instance, and another key another. */
function thumbprint(x: string, y: string): string {
  const members = JSON.stringify({ crv: 'P-256', kty: 'EC', x, y });
  return createHash('sha256').update(members).digest('base64url');
}

function refreshKeyOf(secret: string | Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', 'tripod refresh token', 32));
}
