import { pbkdf2 as derive, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { HashKind } from './hash-kind.ts';

const deriveKey = promisify(derive);

/**
 * As passlib writes it: `$pbkdf2-sha256$rounds$salt$checksum`. Nobody had ten million rounds: they would hold up a core
 * for seconds.
 */
const form = /^\$pbkdf2-sha256\$([1-9]\d{0,6})\$([A-Za-z0-9./]*)\$([A-Za-z0-9./]{43})$/;

interface Parts {
  readonly rounds: number;
  readonly salt: Buffer;
  readonly checksum: Buffer;
}

function partsOf(stored: string): Parts | undefined {
  const [, rounds, salt, checksum] = form.exec(stored) ?? [];
  if (rounds === undefined || salt === undefined || checksum === undefined) return undefined;
  // A single character more than whole bytes fill is what damage leaves, never an encoder.
  if (salt.length % 4 === 1) return undefined;
  return { rounds: Number(rounds), salt: decoded(salt), checksum: decoded(checksum) };
}

/** Passlib's "adapted base64" has "." for "+", and no padding. */
function decoded(text: string): Buffer {
  return Buffer.from(text.replaceAll('.', '+'), 'base64');
}

/** The earlier backend took passwords as they were typed, so that is tried before the form that all are given now. */
function formsOf(password: string): Set<string> {
  return new Set([password, password.normalize('NFC')]);
}

/** How the earlier backend kept passwords: read, but never written any more. */
export const pbkdf2: HashKind = {
  reads: (stored) => partsOf(stored) !== undefined,
  verify: async (stored, password) => {
    const parts = partsOf(stored);
    if (!parts) return false;
    const { rounds, salt, checksum } = parts;
    for (const text of formsOf(password)) {
      if (timingSafeEqual(await deriveKey(text, salt, rounds, checksum.length, 'sha256'), checksum))
        return true;
    }
    return false;
  },
  // As many rounds and as long a salt as passlib's by default; no password is known to have this checksum.
  nobody: Promise.resolve(`$pbkdf2-sha256$29000$${'.'.repeat(22)}$${'.'.repeat(43)}`),
};
