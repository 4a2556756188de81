import { createHmac, hkdfSync, randomUUID, timingSafeEqual } from 'node:crypto';
import { parse, stringify } from 'uuid';
import type { Keys } from '../operation.ts';

const issuer = 'tripod-api';
const audience = 'tripod';
const minutes = 30;
const header = Buffer.from(JSON.stringify({ alg: 'HS256', typ: 'JWT' })).toString('base64url');

export interface Claims {
  readonly sub: string;
  readonly sid: string;
  readonly iat: number;
  readonly exp: number;
  readonly iss: string;
  readonly aud: string;
  readonly type: string;
}

interface Session {
  readonly userId: string;
  readonly sessionId: string;
  readonly generation: number;
}

export function keysOf(secret: string): Keys {
  return {
    access: Buffer.from(secret),
    refresh: Buffer.from(hkdfSync('sha256', secret, '', 'tripod refresh token', 32)),
  };
}

/** Signatures that were found good, the one used last at the end: what tokens say is looked at each time. */
const verified = new Map<string, Claims>();
const mostVerified = 10_000;

/** The claims of a good and current token of ours; undefined for any other. */
export function verifyAccessToken(authorization: string | undefined, keys: Keys): Claims | undefined {
  if (!authorization?.startsWith('Bearer ')) return undefined;
  const token = authorization.slice('Bearer '.length);
  let claims = verified.get(token);
  if (claims) verified.delete(token);
  else {
    claims = verifySignature(token, keys);
    if (!claims) return undefined;
    const [oldest] = verified.keys();
    if (verified.size >= mostVerified && oldest !== undefined) verified.delete(oldest);
  }
  verified.set(token, claims);
  return claims.exp > Date.now() / 1000 ? claims : undefined;
}

function verifySignature(token: string, keys: Keys): Claims | undefined {
  const [head = '', payload = '', signature = '', ...rest] = token.split('.');
  if (head !== header || rest.length > 0) return undefined;
  const expected = createHmac('sha256', keys.access).update(`${head}.${payload}`).digest();
  const given = Buffer.from(signature, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims;
  const { iss, aud, type } = claims;
  return iss === issuer && aud === audience && type === 'access' ? claims : undefined;
}

/** @throws {TypeError} */
export function readRefreshToken(token: string, key: Buffer): { sessionId: string; generation: number } {
  const bytes = Buffer.from(token, 'base64url');
  const claims = bytes.subarray(0, 20);
  const mac = createHmac('sha256', key).update(claims).digest();
  if (bytes.length !== 52 || !timingSafeEqual(bytes.subarray(20), mac))
    throw new TypeError('The refresh token is none of ours.');
  return { sessionId: stringify(claims.subarray(0, 16)), generation: claims.readUInt32BE(16) };
}

export function signTokens({ userId, sessionId, generation }: Session, keys: Keys) {
  const iat = Math.floor(Date.now() / 1000);
  const exp = iat + minutes * 60;
  const claims = { sub: userId, sid: sessionId, type: 'access', iat, exp, jti: randomUUID() };
  const payload = JSON.stringify({ ...claims, iss: issuer, aud: audience });
  const signed = `${header}.${Buffer.from(payload).toString('base64url')}`;
  const signature = createHmac('sha256', keys.access).update(signed).digest('base64url');

  const refresh = Buffer.alloc(52);
  refresh.set(parse(sessionId));
  refresh.writeUInt32BE(generation, 16);
  refresh.set(createHmac('sha256', keys.refresh).update(refresh.subarray(0, 20)).digest(), 20);
  return {
    access_token: `${signed}.${signature}`,
    refresh_token: refresh.toString('base64url'),
    token_type: 'bearer',
    expires_in: minutes * 60,
  };
}
