import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readSecretPlaces, secretSettings } from './secret-settings.ts';
import { SettingError, type Environment } from './settings.ts';

/**
 * The environment with what it does not tell itself: what is kept in files, and then what Secret Manager keeps.
 * @throws {SettingError}
 */
export async function withSecrets(environment: Environment): Promise<Environment> {
  const { directory, manager } = readSecretPlaces(environment);
  const files = directory === undefined ? {} : await readSecretFiles(directory);
  const known = { ...filled(files), ...filled(environment) };
  const secrets = manager?.secrets.filter(({ setting }) => !(setting in known)) ?? [];
  if (!manager || secrets.length === 0) return known;

  // Loaded only where it is needed: it takes as long as all the rest.
  const { fetchSecrets } = await import('./secret-manager.ts');
  return { ...known, ...(await fetchSecrets({ ...manager, secrets })) };
}

/** Without what is set to nothing. */
function filled(environment: Environment): Environment {
  return Object.fromEntries(Object.entries(environment).filter(([, value = '']) => value.trim() !== ''));
}

/** Files named like settings, as containers get them; others may lie beside them. */
async function readSecretFiles(directory: string): Promise<Environment> {
  try {
    const present = await readdir(directory);
    const names = secretSettings.filter((name) => present.includes(name));
    return Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, await readFile(join(directory, name), 'utf8')])),
    ) as Environment;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new SettingError(`SECRETS_DIRECTORY ${directory} must be a folder that can be read (${code}).`);
  }
}
