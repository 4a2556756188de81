import { parseArgs } from 'node:util';
import { openContext } from '../src/core/open-context.ts';
import { readSettings, SettingError } from '../src/core/settings.ts';
import { ensurePlatformAdmin } from '../src/services/users/ensurePlatformAdmin.ts';

const usage = "npm run admin:create -- --email you@example.org --password 'at least 8 characters'";

const { email, password } = readArguments();
try {
  const { context, close } = await openContext({ ...readSettings(process.env), logLevel: 'silent' });
  await ensurePlatformAdmin(context, { email, password }).finally(close);
  console.log(`${email} is a platform admin now and signs in with the given password.`);
} catch (error) {
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

function readArguments(): { email: string; password: string } {
  const { values } = parseArgs({ options: { email: { type: 'string' }, password: { type: 'string' } } });
  const { email = '', password = '' } = values;
  if (/^[^@\s]+@[^@\s]+$/.test(email) && password.length >= 8 && password.length <= 128)
    return { email, password };
  console.error(`Please name an e-mail and a password of 8 to 128 characters:\n  ${usage}`);
  process.exit(1);
}
