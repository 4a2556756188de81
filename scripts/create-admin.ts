import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { isEmail } from '../src/core/credentials.ts';
import { openContext } from '../src/core/open-context.ts';
import { weaknessOf, type PasswordRules } from '../src/core/passwords/rules.ts';
import { readSettings, SettingError } from '../src/core/settings.ts';
import { withSecrets } from '../src/core/with-secrets.ts';
import { ensurePlatformAdmin } from '../src/services/users/ensurePlatformAdmin.ts';

/** Something on the command line that is missing or wrong; the message is all that one needs. */
class UsageError extends Error {}

try {
  const settings = readSettings(await withSecrets(process.env));
  const { email, password } = readArguments(settings.passwordRules);
  // It signs nothing, so no secret needs to be kept for it.
  const { context, close } = await openContext({
    ...settings,
    jwtSecretKey: randomUUID(),
    logLevel: 'silent',
  });
  await ensurePlatformAdmin(context, { email, password }).finally(close);
  console.log(`${email} is a platform admin now and signs in with the given password.`);
} catch (error) {
  console.error(error instanceof SettingError || error instanceof UsageError ? error.message : error);
  process.exitCode = 1;
}

/** @throws {UsageError} */
function readArguments(rules: PasswordRules): { email: string; password: string } {
  // An unknown option or one without its value is as good as none: the usage says what to do.
  const { values } = parseArgs({
    options: { email: { type: 'string' }, password: { type: 'string' } },
    strict: false,
  });
  const { email, password } = values;
  const usage = `npm run admin:create -- --email you@example.org --password 'at least ${rules.minLength} characters'`;
  if (typeof email !== 'string' || !isEmail(email) || typeof password !== 'string')
    throw new UsageError(`Please name an e-mail and a password:\n  ${usage}`);
  const weakness = weaknessOf(password, email, rules);
  if (weakness !== undefined) throw new UsageError(`The password ${weakness}.`);
  return { email, password };
}
