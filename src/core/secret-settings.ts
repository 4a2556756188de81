import { isThisMachine } from './mail-settings.ts';
import { SettingError, text, type Environment } from './settings.ts';

/** The settings that may come from a file or from Secret Manager. */
export const secretSettings = [
  'DATABASE_URL',
  'MIGRATION_DATABASE_URL',
  'JWT_SECRET_KEY',
  'JWT_PRIVATE_KEYS',
  'SMTP_URL',
  'BOOTSTRAP_ADMIN_PASSWORD',
] as const;

type SecretSetting = (typeof secretSettings)[number];

export interface Secret {
  readonly setting: SecretSetting;
  /** Its name in Secret Manager. */
  readonly secret: string;
  readonly version: string;
}

export interface SecretManagerSettings {
  readonly projectId: string;
  readonly endpoint: string;
  readonly secrets: readonly Secret[];
}

const usualSecrets = 'DATABASE_URL=tripod_backend_neon_database_url,JWT_SECRET_KEY=tripod_backend_jwt_secret';
const usualEndpoint = 'https://secretmanager.googleapis.com';

/**
 * Where settings are kept that the environment does not tell.
 * @throws {SettingError}
 */
export function readSecretPlaces(environment: Environment): {
  readonly directory: string | undefined;
  readonly manager: SecretManagerSettings | undefined;
} {
  const projectId = text(environment, 'SECRETS_PROJECT_ID');
  if (projectId !== undefined && !/^[a-z0-9][a-z0-9.:-]{1,62}$/.test(projectId))
    throw new SettingError('SECRETS_PROJECT_ID must be the id or the number of a Google Cloud project.');
  const secrets = (text(environment, 'SECRETS') ?? usualSecrets).split(',').map(readSecret);
  const endpoint = readEndpoint(text(environment, 'SECRETS_ENDPOINT') ?? usualEndpoint);
  return {
    directory: text(environment, 'SECRETS_DIRECTORY'),
    manager: projectId === undefined ? undefined : { projectId, endpoint, secrets },
  };
}

/** Written as Cloud Run's `--set-secrets` has it. */
function readSecret(entry: string): Secret {
  const form = /^(?<setting>[A-Z_]+)=(?<secret>[A-Za-z0-9_-]{1,255})(?::(?<version>[A-Za-z0-9_-]{1,63}))?$/;
  const { setting: name, secret, version = 'latest' } = form.exec(entry.trim())?.groups ?? {};
  const setting = secretSettings.find((each) => each === name);
  if (setting === undefined || secret === undefined)
    throw new SettingError(
      `SECRETS must list secrets such as ${usualSecrets}:latest, separated by commas, for ${secretSettings.join(', ')}.`,
    );
  return { setting, secret, version };
}

/** What is sent there lets in: nobody on the way may read it. */
function readEndpoint(url: string): string {
  const { protocol, pathname } = URL.canParse(url) ? new URL(url) : {};
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && isThisMachine(url));
  if (!isPrivate || pathname !== '/')
    throw new SettingError('SECRETS_ENDPOINT must be an https address without a path.');
  return new URL(url).href;
}
