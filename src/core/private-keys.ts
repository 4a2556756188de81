import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';

const block = /-----BEGIN (?<label>(?:EC )?PRIVATE KEY)-----[^-]+-----END \k<label>-----/g;

/** As many as the contract lets us publish; a rotation needs two. */
const mostKeys = 10;

/**
 * Reads private keys for ES256 that stand one after the other, each as PEM in PKCS#8 or SEC1.
 * @throws {TypeError} whose message goes on after a name for the text and does not show it
 */
export function readPrivateKeys(text: string): KeyObject[] {
  // Where a setting is one line, its newlines are written with a backslash.
  const pem = text.replaceAll(String.raw`\n`, '\n');
  const keys = (pem.match(block) ?? []).map(readPrivateKey);
  if (keys.length === 0 || pem.replaceAll(block, '').trim() !== '') throw notPrivateKeys();
  if (keys.length > mostKeys) throw new TypeError(`must not hold more than ${mostKeys} keys.`);
  if (keys.some((key, index) => keys.slice(0, index).some((other) => other.equals(key))))
    throw new TypeError('must not hold the same key twice.');
  return keys;
}

function readPrivateKey(pem: string): KeyObject {
  const key = parse(pem);
  if (key?.asymmetricKeyDetails?.namedCurve !== 'prime256v1' || !isPair(key)) throw notPrivateKeys();
  return key;
}

function parse(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    // Why it cannot be read is not told, for that could tell of what it holds.
    return undefined;
  }
}

/** A file may name a public key that belongs to another private one: no token would be valid. */
function isPair(key: KeyObject): boolean {
  const probe = Buffer.from('probe');
  return verify('sha256', probe, createPublicKey(key), sign('sha256', probe, key));
}

function notPrivateKeys() {
  return new TypeError(
    'must hold private keys as PEM, one after the other, each made with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256',
  );
}
