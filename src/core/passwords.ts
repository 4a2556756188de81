import { hash, verify } from '@node-rs/argon2';
import pLimit from 'p-limit';
import { unavailable } from './errors.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Each hash fills 19 MiB and a core for a while: more at once would only be slower. */
const lanes = pLimit(4);
const longestQueue = 200;

function queued<Result>(work: () => Promise<Result>): Promise<Result> {
  if (lanes.pendingCount >= longestQueue)
    throw unavailable(new Error('too many passwords wait to be hashed'), 5);
  return lanes(work);
}

/** One person's password is the same however their keyboard composes its letters. */
function normalized(password: string): string {
  return password.normalize('NFC');
}

/** @throws {Problem} 503 when too many others wait */
export async function hashPassword(password: string): Promise<string> {
  return queued(() => hash(normalized(password), parameters));
}

const nobody = hashPassword('the password of no account');

/**
 * Takes the same time whether or not there is an account.
 * @param passwordHash undefined for an unknown account: the answer is then always false
 * @throws {Problem} 503 when too many others wait
 */
export async function verifyPassword(passwordHash: string | undefined, password: string): Promise<boolean> {
  const stored = passwordHash ?? (await nobody);
  const matches = await queued(() => verify(stored, normalized(password)));
  return matches && passwordHash !== undefined;
}
