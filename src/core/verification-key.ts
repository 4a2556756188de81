import type { KeyObject } from 'node:crypto';
import type { SigningKey } from './signing-keys.ts';

/** Header and claims that are JSON objects both start like this; jsonwebtoken falls over claims that are none. */
const likeOurs = /^(?<header>ey[\w-]*)\.ey/;

/**
 * Finds the key that an access token must be signed with: the one that its header names, by the algorithm that goes with
 * that key. Undefined for a token that none of the keys can have signed.
 */
export function verificationKeyFinder(
  keys: readonly SigningKey[],
): (accessToken: string) => KeyObject | undefined {
  const byKid = new Map<unknown, SigningKey>(keys.map((key) => [key.kid, key]));

  return (accessToken) => {
    const header = readHeader(likeOurs.exec(accessToken)?.[1]);
    // What `crit` lists would have to be understood (RFC 7515, section 4.1.11), and our tokens have nothing to list.
    if (!header || 'crit' in header) return undefined;
    const key = byKid.get(header['kid']);
    return key && key.algorithm === header['alg'] ? key.verifying : undefined;
  };
}

function readHeader(encoded: string | undefined): Record<string, unknown> | undefined {
  if (encoded === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
