import { createHmac, timingSafeEqual, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { parse, stringify } from 'uuid';
import type { Clock } from './clock.ts';
import { newId } from './ids.ts';
import type { Schema } from './schema.ts';
import type { SigningKey } from './signing-keys.ts';
import { verificationKeyFinder } from './verification-key.ts';

export const issuer = 'tripod-api';
export const audience = 'tripod';

export interface AccessClaims {
  /** The user's id. */
  readonly sub: string;
  /** The session's id. */
  readonly sid: string;
  readonly type: 'access';
  /** Seconds since the epoch. */
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
}

/** What a refresh token says: which session, and how often that had been rotated. */
export interface RefreshClaims {
  readonly sessionId: string;
  readonly generation: number;
}

export interface Tokens {
  readonly refreshTokenMinutes: number;
  /** What anyone can verify our access tokens with. */
  readonly publicKeys: Schema<'JsonWebKeySet'>;
  /** The key by which an access token must be signed, according to its header; undefined if none of ours fits it. */
  readonly verificationKey: (accessToken: string) => KeyObject | undefined;
  /** The same session and generation give the same refresh token, so that a lost answer can be given again. */
  issue(claims: RefreshClaims & { readonly userId: string }): Schema<'Tokens'>;
  /** Undefined for anything that was not issued here. */
  readRefreshToken(token: string): RefreshClaims | undefined;
}

const idBytes = 16;
const claimsBytes = idBytes + 4;
const macBytes = 32;

/** @param options.keys the first one signs, and tokens of all of them are taken */
export function createTokens(options: {
  keys: readonly SigningKey[];
  clock: Clock;
  accessTokenMinutes: number;
  refreshTokenMinutes: number;
}): Tokens {
  const { keys, clock, refreshTokenMinutes } = options;
  const signer = firstOf(keys);
  const expires_in = options.accessTokenMinutes * 60;
  const header = {
    algorithm: signer.algorithm,
    ...(signer.kid === undefined ? {} : { keyid: signer.kid }),
  };
  const macOf = (claims: Uint8Array, { refreshKey }: SigningKey) =>
    createHmac('sha256', refreshKey).update(claims).digest();

  function signAccessToken(sub: string, sid: string): string {
    const iat = Math.floor(clock().getTime() / 1000);
    const claims = { sub, sid, type: 'access', iat, exp: iat + expires_in, jti: newId() };
    return jwt.sign({ ...claims, iss: issuer, aud: audience }, signer.signing, header);
  }

  function signRefreshToken({ sessionId, generation }: RefreshClaims): string {
    const claims = Buffer.alloc(claimsBytes);
    claims.set(parse(sessionId));
    claims.writeUInt32BE(generation, idBytes);
    return Buffer.concat([claims, macOf(claims, signer)]).toString('base64url');
  }

  return {
    refreshTokenMinutes,
    publicKeys: { keys: keys.flatMap(({ published }) => published ?? []) },

    verificationKey: verificationKeyFinder(keys),

    issue: (claims) => ({
      access_token: signAccessToken(claims.userId, claims.sessionId),
      refresh_token: signRefreshToken(claims),
      token_type: 'bearer',
      expires_in,
    }),

    readRefreshToken(token) {
      const bytes = Buffer.from(token, 'base64url');
      if (bytes.length !== claimsBytes + macBytes || bytes.toString('base64url') !== token) return undefined;
      const claims = bytes.subarray(0, claimsBytes);
      const mac = bytes.subarray(claimsBytes);
      if (!keys.some((key) => timingSafeEqual(mac, macOf(claims, key)))) return undefined;
      return { sessionId: stringify(claims.subarray(0, idBytes)), generation: claims.readUInt32BE(idBytes) };
    },
  };
}

function firstOf([first]: readonly SigningKey[]): SigningKey {
  if (!first) throw new TypeError('There is no key to sign tokens with.');
  return first;
}
