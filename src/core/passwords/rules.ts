import type { Context } from '../context.ts';
import { invalid } from '../errors.ts';
import { isCommonPassword } from './common.ts';
import { isOfOurNames } from './our-names.ts';

/** What is asked of new passwords beyond what the contract says. */
export interface PasswordRules {
  /** In characters (code points), from 8 to 64. */
  readonly minLength: number;
}

/** The contract sees to it in requests. */
const maxLength = 128;

/**
 * Refuses what whoever guesses would try early (OWASP ASVS 5, 6.2.1, 6.2.4, 6.2.11 and 6.2.12). Any characters are fine, in any
 * mixture (6.2.5).
 * @param field that holds the password in the body
 * @throws {Problem} 400 that says what to do, and nothing of the password
 */
export function refuseWeakPassword(
  { passwordRules }: Pick<Context, 'passwordRules'>,
  field: string,
  password: string,
  email: string,
): void {
  const message = weaknessOf(password, email, passwordRules);
  if (message !== undefined) throw invalid([{ in: 'body', path: field, message }]);
}

/** What a new password lacks, if anything, in words to follow its name: "must …". */
export function weaknessOf(
  password: string,
  email: string,
  { minLength }: PasswordRules,
): string | undefined {
  const composed = password.normalize('NFC');
  const lowerCase = composed.toLowerCase();
  if (lengthOf(composed) < minLength) return `must have at least ${minLength} characters`;
  if (lengthOf(password) > maxLength) return `must have at most ${maxLength} characters`;
  if (isOfAddress(lowerCase, email.toLowerCase()))
    return 'must not be your e-mail address or the part before the @; please choose several words';
  if (isCommonPassword(lowerCase))
    return 'must not be one of the most common passwords; please choose several words';
  if (isOfOurNames(lowerCase))
    return 'must be more than names of Tripod, its tools or roles; please choose several words';
  return undefined;
}

/** Like the contract counts. */
function lengthOf(text: string): number {
  return Array.from(text).length;
}

function isOfAddress(password: string, email: string): boolean {
  return password === email || password === email.slice(0, email.lastIndexOf('@'));
}
