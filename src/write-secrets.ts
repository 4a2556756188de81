import { rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fetchSecrets } from './core/secret-manager.ts';
import { readSecretPlaces, secretSettings } from './core/secret-settings.ts';
import { SettingError } from './core/settings.ts';

try {
  const { directory, manager } = readSecretPlaces(process.env);
  if (directory === undefined || manager === undefined)
    throw new SettingError(
      'SECRETS_PROJECT_ID and SECRETS_DIRECTORY are required: from where, and to where.',
    );
  await keep(directory, await fetchSecrets(manager));
  for (const { setting, secret } of manager.secrets)
    console.log(`${setting} is kept in ${directory}, from secret ${secret} of project ${manager.projectId}.`);
} catch (error) {
  console.error(error instanceof SettingError ? error.message : error);
  process.exitCode = 1;
}

/** Each whole or not at all, for its owner alone; what is no longer wanted goes. */
async function keep(directory: string, values: Readonly<Record<string, string>>): Promise<void> {
  for (const name of secretSettings) {
    const value = values[name];
    const file = join(directory, name);
    if (value === undefined) {
      await rm(file, { force: true });
      continue;
    }
    const unfinished = join(directory, `.${name}.${process.pid}`);
    await writeFile(unfinished, value, { mode: 0o600, flag: 'wx' });
    await rename(unfinished, file);
  }
}
