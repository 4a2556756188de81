import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { isEmail, isPassword } from '../src/core/credentials.ts';
import { openContext } from '../src/core/open-context.ts';
import { readSettings, SettingError } from '../src/core/settings.ts';
import { ensurePlatformAdmin } from '../src/services/users/ensurePlatformAdmin.ts';

const usage = "npm run admin:create -- --email you@example.org --password 'at least 8 characters'";

const { email, password } = readArguments();
try {
  // It signs nothing, so no secret needs to be kept for it.
  const settings = { ...readSettings(process.env), jwtSecretKey: randomUUID(), logLevel: 'silent' };
  const { context, close } = await openContext(settings);
  await ensurePlatformAdmin(context, { email, password }).finally(close);
  console.log(`${email} is a platform admin now and signs in with the given password.`);
} catch (error) {
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

function readArguments(): { email: string; password: string } {
  // An unknown option or one without its value is as good as none: the usage says what to do.
  const { values } = parseArgs({
    options: { email: { type: 'string' }, password: { type: 'string' } },
    strict: false,
  });
  const { email, password } = values;
  if (typeof email === 'string' && isEmail(email) && typeof password === 'string' && isPassword(password))
    return { email, password };
  console.error(`Please name an e-mail and a password of 8 to 128 characters:\n  ${usage}`);
  process.exit(1);
}
