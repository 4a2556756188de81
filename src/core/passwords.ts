import pLimit from 'p-limit';
import { unavailable } from './errors.ts';
import { argon2, hashWithArgon2 } from './passwords/argon2.ts';
import { pbkdf2 } from './passwords/pbkdf2.ts';

/** Each hash fills 19 MiB and a core for a while: more at once would only be slower. */
const lanes = pLimit(4);
/** A class that begins its day; the last one waits some three seconds where there is only one core. */
const longestQueue = 60;

const kinds = [argon2, pbkdf2];

export function passwordQueue(): { running: number; waiting: number } {
  return { running: lanes.activeCount, waiting: lanes.pendingCount };
}

function queued<Result>(work: () => Promise<Result>): Promise<Result> {
  if (lanes.pendingCount >= longestQueue)
    throw unavailable(new Error('too many passwords wait to be hashed'), 5);
  return lanes(work);
}

/** @throws {Problem} 503 when too many others wait */
export async function hashPassword(password: string): Promise<string> {
  return queued(() => hashWithArgon2(password));
}

/**
 * Of what does not match, every kind of hash is worked out once: how long it takes tells neither whether there is an account
 * nor how its password is kept.
 * @param stored undefined for an unknown account: the answer is then always false, as for a hash that is damaged
 * @throws {Problem} 503 when too many others wait
 */
export async function verifyPassword(stored: string | undefined, password: string): Promise<boolean> {
  return queued(async () => {
    const kind = stored === undefined ? undefined : kinds.find(({ reads }) => reads(stored));
    if (stored !== undefined && (await kind?.verify(stored, password))) return true;
    for (const other of kinds) if (other !== kind) await other.verify(await other.nobody, password);
    return false;
  });
}
