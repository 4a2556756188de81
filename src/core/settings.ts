import type { KeyObject } from 'node:crypto';
import { isEmail } from './credentials.ts';
import { isLinkTarget, isSmtpUrl, isThisMachine, readMailbox, type MailSettings } from './mail-settings.ts';
import { weaknessOf, type PasswordRules } from './passwords/rules.ts';
import { readPrivateKeys } from './private-keys.ts';
import type { SigningAlgorithm } from './signing-keys.ts';

/** All that migrating needs. */
export interface DatabaseSettings {
  readonly production: boolean;
  readonly databaseUrl: string | undefined;
  readonly databasePreparedStatements: boolean;
  readonly migrationDatabaseUrl: string | undefined;
  readonly dataDirectory: string | undefined;
}

export interface Settings extends DatabaseSettings {
  readonly port: number;
  readonly jwtSecretKey: string | undefined;
  readonly jwtPrivateKeys: readonly KeyObject[];
  readonly jwtSigningAlgorithm: SigningAlgorithm;
  readonly accessTokenMinutes: number;
  readonly refreshTokenMinutes: number;
  readonly corsOrigins: readonly string[];
  readonly passwordRules: PasswordRules;
  readonly bootstrapAdmin: { readonly email: string; readonly password: string } | undefined;
  readonly mail: MailSettings;
  readonly trustedProxies: number;
  readonly logLevel: string;
  /** Where to answer with metrics; 0 takes any port that is free. */
  readonly metricsPort: number | undefined;
  /** Whose traces the log refers to. */
  readonly googleCloudProject: string | undefined;
  /** Whether to trace; where to, and all else about it, OpenTelemetry reads from the environment itself. */
  readonly tracing: boolean;
}

/** A setting that is missing or wrong; the message names it and is all that the operator needs. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * With `readDatabaseSettings`, which it calls, the only reader of the environment.
 * @throws {SettingError}
 */
export function readSettings(environment: Environment): Settings {
  const database = readDatabaseSettings(environment);
  const { production } = database;
  const passwordRules = {
    minLength: wholeNumber(environment, 'PASSWORD_MIN_LENGTH', { default: 8, min: 8, max: 64 }),
  };
  return {
    ...database,
    port: wholeNumber(environment, 'PORT', { default: 8000, min: 0, max: 65_535 }),
    ...signingKeys(environment, production),
    accessTokenMinutes: wholeNumber(environment, 'ACCESS_TOKEN_EXPIRE_MINUTES', {
      default: 30,
      min: 1,
      max: 1440,
    }),
    refreshTokenMinutes: wholeNumber(environment, 'REFRESH_TOKEN_EXPIRE_MINUTES', {
      default: 10_080,
      min: 1,
      max: 525_600,
    }),
    corsOrigins: corsOrigins(environment),
    passwordRules,
    bootstrapAdmin: bootstrapAdmin(environment, passwordRules),
    mail: mail(environment, production),
    trustedProxies: wholeNumber(environment, 'TRUST_PROXY', { default: 0, min: 0, max: 10 }),
    logLevel: logLevel(environment),
    metricsPort: metricsPort(environment),
    googleCloudProject: text(environment, 'GOOGLE_CLOUD_PROJECT'),
    tracing: tracing(environment),
  };
}

/** @throws {SettingError} */
export function readDatabaseSettings(environment: Environment): DatabaseSettings {
  const production = environment['NODE_ENV'] === 'production';
  return {
    production,
    databaseUrl: databaseUrl(environment, production),
    databasePreparedStatements: onOrOff(environment, 'DATABASE_PREPARED_STATEMENTS'),
    migrationDatabaseUrl: migrationDatabaseUrl(environment),
    dataDirectory: text(environment, 'DATA_DIR'),
  };
}

/** What a setting says; an empty one says nothing. */
export function text(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

function wholeNumber(
  environment: Environment,
  name: string,
  limits: { default: number; min: number; max: number },
): number {
  const value = text(environment, name);
  if (value === undefined) return limits.default;
  const number = /^\d+$/.test(value) ? Number(value) : NaN;
  if (number >= limits.min && number <= limits.max) return number;
  throw new SettingError(`${name} must be a whole number from ${limits.min} to ${limits.max}.`);
}

/** On unless it says otherwise. */
function onOrOff(environment: Environment, name: string): boolean {
  const value = text(environment, name) ?? 'on';
  if (value !== 'on' && value !== 'off') throw new SettingError(`${name} must be on or off.`);
  return value === 'on';
}

function databaseUrl(environment: Environment, production: boolean): string | undefined {
  const url = postgresUrl(environment, 'DATABASE_URL');
  if (url === undefined && production)
    throw new SettingError('DATABASE_URL is required with NODE_ENV=production.');
  return url;
}

function migrationDatabaseUrl(environment: Environment): string | undefined {
  const url = postgresUrl(environment, 'MIGRATION_DATABASE_URL');
  if (url !== undefined && text(environment, 'DATABASE_URL') === undefined)
    throw new SettingError(
      'MIGRATION_DATABASE_URL needs DATABASE_URL, with another user of the same database.',
    );
  return url;
}

function postgresUrl(environment: Environment, name: string): string | undefined {
  const url = text(environment, name);
  const isPostgres = (address: string) =>
    /^postgres(ql)?:\/\//.test(address) && URL.canParse(address.replace('//%2F', '//localhost/'));
  if (url === undefined || isPostgres(url)) return url;
  throw new SettingError(`${name} must be a PostgreSQL address: postgresql://user:password@host/database.`);
}

function signingKeys(environment: Environment, production: boolean) {
  const jwtSecretKey = secretKey(environment);
  const jwtPrivateKeys = privateKeys(environment);
  if (production && jwtSecretKey === undefined && jwtPrivateKeys.length === 0)
    throw new SettingError('JWT_SECRET_KEY or JWT_PRIVATE_KEYS is required with NODE_ENV=production.');
  return {
    jwtSecretKey,
    jwtPrivateKeys,
    jwtSigningAlgorithm: signingAlgorithm(environment, jwtSecretKey, jwtPrivateKeys),
  };
}

/** HS256 needs a key at least as long as its hash (RFC 7518, section 3.2). */
function secretKey(environment: Environment): string | undefined {
  const key = environment['JWT_SECRET_KEY'] || undefined;
  if (key !== undefined && Buffer.byteLength(key) < 32)
    throw new SettingError('JWT_SECRET_KEY must have at least 32 bytes.');
  return key;
}

function privateKeys(environment: Environment): KeyObject[] {
  const pem = text(environment, 'JWT_PRIVATE_KEYS');
  if (pem === undefined) return [];
  try {
    return readPrivateKeys(pem);
  } catch (error) {
    throw new SettingError(`JWT_PRIVATE_KEYS ${(error as TypeError).message}`);
  }
}

/** With keys of both kinds, instances that know the new one and don't sign with it yet let a move between the two overlap. */
function signingAlgorithm(
  environment: Environment,
  secret: string | undefined,
  privateKeys: readonly KeyObject[],
): SigningAlgorithm {
  const algorithm =
    text(environment, 'JWT_SIGNING_ALGORITHM') ?? (privateKeys.length > 0 ? 'ES256' : 'HS256');
  if (algorithm !== 'ES256' && algorithm !== 'HS256')
    throw new SettingError('JWT_SIGNING_ALGORITHM must be ES256 or HS256.');
  if (algorithm === 'ES256' && privateKeys.length === 0)
    throw new SettingError('JWT_SIGNING_ALGORITHM=ES256 needs JWT_PRIVATE_KEYS.');
  if (algorithm === 'HS256' && privateKeys.length > 0 && secret === undefined)
    throw new SettingError('JWT_SIGNING_ALGORITHM=HS256 needs JWT_SECRET_KEY beside JWT_PRIVATE_KEYS.');
  return algorithm;
}

function corsOrigins(environment: Environment): string[] {
  const origins = (text(environment, 'CORS_ORIGINS') ?? 'http://localhost:5173')
    .split(',')
    .map((part) => part.trim());
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new SettingError(
        `CORS_ORIGINS must list origins such as https://console.example.org, separated by commas; "${origin}" is none.`,
      );
    }
  }
  return origins;
}

function bootstrapAdmin(environment: Environment, rules: PasswordRules): Settings['bootstrapAdmin'] {
  const email = text(environment, 'BOOTSTRAP_ADMIN_EMAIL');
  const password = environment['BOOTSTRAP_ADMIN_PASSWORD'];
  if (email === undefined && !password) return undefined;
  if (email === undefined || !password) {
    throw new SettingError('BOOTSTRAP_ADMIN_EMAIL and BOOTSTRAP_ADMIN_PASSWORD must be set together.');
  }
  if (!isEmail(email)) throw new SettingError('BOOTSTRAP_ADMIN_EMAIL must be an e-mail address.');
  const weakness = weaknessOf(password, email, rules);
  if (weakness !== undefined) throw new SettingError(`BOOTSTRAP_ADMIN_PASSWORD ${weakness}.`);
  return { email, password };
}

/** Without a server, mails can be read in the log, but for production: their links are as good as passwords. */
function mail(environment: Environment, production: boolean): MailSettings {
  const smtpUrl = text(environment, 'SMTP_URL');
  // Never shown: it holds a password.
  if (smtpUrl !== undefined && !isSmtpUrl(smtpUrl))
    throw new SettingError('SMTP_URL must be an address such as smtps://user:password@mail.example.org.');
  const needed = (name: string) => {
    const value = text(environment, name);
    if (value === undefined && smtpUrl !== undefined)
      throw new SettingError(`${name} is required with SMTP_URL.`);
    return value;
  };

  const from = readMailbox(needed('MAIL_FROM') ?? 'tripod@example.org');
  if (!from)
    throw new SettingError(
      'MAIL_FROM must be an e-mail address: tripod@example.org or Tripod <tripod@example.org>.',
    );
  const passwordResetUrl = needed('PASSWORD_RESET_URL');
  if (passwordResetUrl !== undefined && !isLinkTarget(passwordResetUrl, { production }))
    throw new SettingError(
      `PASSWORD_RESET_URL must be an https address${production ? '' : ', or one of this machine'}.`,
    );
  return {
    smtpUrl,
    logged: !production,
    requireTls: production && smtpUrl !== undefined && !isThisMachine(smtpUrl),
    timeout: 10_000,
    longestDelay: 2_000,
    from,
    passwordResetUrl: passwordResetUrl ?? 'http://localhost:5173/reset-password',
  };
}

function logLevel(environment: Environment): string {
  const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];
  const level = text(environment, 'LOG_LEVEL') ?? 'info';
  if (!levels.includes(level)) throw new SettingError(`LOG_LEVEL must be one of ${levels.join(', ')}.`);
  return level;
}

function metricsPort(environment: Environment): number | undefined {
  if (text(environment, 'METRICS_PORT') === undefined) return undefined;
  return wholeNumber(environment, 'METRICS_PORT', { default: 0, min: 0, max: 65_535 });
}

function tracing(environment: Environment): boolean {
  const endpoint = text(environment, 'OTEL_EXPORTER_OTLP_ENDPOINT');
  if (endpoint !== undefined && !/^https?:\/\/./.test(endpoint))
    throw new SettingError('OTEL_EXPORTER_OTLP_ENDPOINT must be an address such as http://localhost:4318.');
  return endpoint !== undefined;
}
