import { hash, parseOptions, verify } from '@node-rs/argon2';
import type { HashKind } from './hash-kind.ts';

/** OWASP Password Storage Cheat Sheet: argon2id (the library's default) with 19 MiB, two passes, one lane. */
const today = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** What may be spent on a stored hash, in KiB and passes: one that asks for more is damaged. */
const most = { memoryCost: 2 ** 20, timeCost: 100 };

/** One person's password is the same however their keyboard composes its letters. */
function normalized(password: string): string {
  return password.normalize('NFC');
}

export function hashWithArgon2(password: string): Promise<string> {
  return hash(normalized(password), today);
}

export const argon2: HashKind = {
  reads: (stored) => {
    const parameters = parametersOf(stored);
    return (
      parameters !== undefined &&
      parameters.memoryCost <= most.memoryCost &&
      parameters.timeCost <= most.timeCost
    );
  },
  verify: (stored, password) => verify(stored, normalized(password)),
  nobody: hashWithArgon2('the password of no account'),
};

/** Whether it is easier to guess from than a hash of today. */
export function isOutdated(stored: string): boolean {
  const parameters = parametersOf(stored);
  return (
    parameters === undefined ||
    !stored.startsWith('$argon2id$v=19$') ||
    parameters.memoryCost < today.memoryCost ||
    parameters.timeCost < today.timeCost ||
    parameters.parallelism < today.parallelism
  );
}

/** None if it is not of this kind, or damaged: the library can say so only by an error. */
function parametersOf(stored: string): ReturnType<typeof parseOptions> | undefined {
  try {
    return parseOptions(stored);
  } catch {
    return undefined;
  }
}
