import { createHmac, createSecretKey, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import jwt from 'jsonwebtoken';
import { parse, stringify } from 'uuid';
import type { Clock } from './clock.ts';
import { newId } from './ids.ts';
import type { Schema } from './schema.ts';

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
}

/** What a refresh token says: which session, and how often that had been rotated. */
export interface RefreshClaims {
  readonly sessionId: string;
  readonly generation: number;
}

export interface Tokens {
  /** Verifies access tokens. */
  readonly accessKey: KeyObject;
  readonly refreshTokenMinutes: number;
  /** The same session and generation give the same refresh token, so that a lost answer can be given again. */
  issue(claims: RefreshClaims & { readonly userId: string }): Schema<'Tokens'>;
  /** Undefined for anything that was not issued here. */
  readRefreshToken(token: string): RefreshClaims | undefined;
}

const idBytes = 16;
const claimsBytes = idBytes + 4;
const macBytes = 32;

export function createTokens(options: {
  secret: string;
  clock: Clock;
  accessTokenMinutes: number;
  refreshTokenMinutes: number;
}): Tokens {
  const { secret, clock, refreshTokenMinutes } = options;
  const expires_in = options.accessTokenMinutes * 60;
  // Given plain text, jsonwebtoken first tries to read it as a public key: half a millisecond for each request.
  const accessKey = createSecretKey(secret, 'utf8');
  const refreshKey = Buffer.from(hkdfSync('sha256', secret, '', 'tripod refresh token', 32));
  const macOf = (claims: Uint8Array) => createHmac('sha256', refreshKey).update(claims).digest();

  function signAccessToken(sub: string, sid: string): string {
    const iat = Math.floor(clock().getTime() / 1000);
    const claims = { sub, sid, type: 'access', iat, exp: iat + expires_in, jti: newId() };
    return jwt.sign({ ...claims, iss: issuer, aud: audience }, accessKey, { algorithm: 'HS256' });
  }

  function signRefreshToken({ sessionId, generation }: RefreshClaims): string {
    const claims = Buffer.alloc(claimsBytes);
    claims.set(parse(sessionId));
    claims.writeUInt32BE(generation, idBytes);
    return Buffer.concat([claims, macOf(claims)]).toString('base64url');
  }

  return {
    accessKey,
    refreshTokenMinutes,

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
      if (!timingSafeEqual(bytes.subarray(claimsBytes), macOf(claims))) return undefined;
      return { sessionId: stringify(claims.subarray(0, idBytes)), generation: claims.readUInt32BE(idBytes) };
    },
  };
}
