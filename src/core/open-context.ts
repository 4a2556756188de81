import { fileURLToPath } from 'node:url';
import { withOutbox } from '../services/mail/with-outbox.ts';
import { systemClock } from './clock.ts';
import { ownOrigin, type Context } from './context.ts';
import { connectDatabase, connectForMigrations, type Database } from './database.ts';
import { grantUse } from './grant-use.ts';
import { createLogger } from './logger.ts';
import { migrate, withMigrationLock } from './migrate.ts';
import { keptSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import { orderKeys, type SigningKey } from './signing-keys.ts';
import { createTokens } from './tokens.ts';

export interface OpenContext {
  readonly context: Context;
  /** Where the data is, for people. */
  readonly dataPlace: string;
  /** Runs `work` on one instance at a time, of however many are starting. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  /** Call it first when the service is told to stop, so that no more is sent to it. */
  readonly announceStop: () => void;
  readonly close: () => Promise<void>;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Opens the database that the settings name, or the checkout's own, and brings it up to date. */
export async function openContext(settings: Settings): Promise<OpenContext> {
  const { databaseUrl, databasePreparedStatements, migrationDatabaseUrl, passwordRules } = settings;
  const { accessTokenMinutes, refreshTokenMinutes } = settings;
  const embedded = databaseUrl === undefined ? await startEmbedded(settings) : undefined;
  const url = databaseUrl ?? embedded?.url ?? '';
  const ownerUrl = migrationDatabaseUrl ?? url;
  const database = connectDatabase(url, { preparedStatements: databasePreparedStatements });
  const close = async () => {
    await database.destroy();
    await embedded?.stop();
  };
  try {
    const alone: OpenContext['alone'] = (work) => withMigrationLock(ownerUrl, work);
    await alone(async () => {
      await migrateAsOwner(ownerUrl, database);
    });
    const keys = await openKeys(settings);
    const tokens = createTokens({ keys, clock: systemClock, accessTokenMinutes, refreshTokenMinutes });
    const logger = createLogger(settings.logLevel);
    const stopping = new AbortController();
    const basis = { database, clock: systemClock, tokens, passwordRules, logger, origin: ownOrigin };
    const context = withOutbox({ ...basis, stopping: stopping.signal }, settings.mail);
    const stop = async () => {
      await context.outbox.stop();
      await close();
    };
    const announceStop = () => {
      stopping.abort();
    };
    const dataPlace = embedded?.dataDirectory ?? hostOf(url);
    return { context, dataPlace, alone, announceStop, close: stop };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Only without any key in the settings does the installation need a secret of its own. */
async function openKeys(settings: Settings): Promise<SigningKey[]> {
  const { jwtSecretKey, jwtPrivateKeys: privateKeys, jwtSigningAlgorithm: signingAlgorithm } = settings;
  const isGiven = jwtSecretKey !== undefined || privateKeys.length > 0;
  const secret = isGiven ? jwtSecretKey : await keptSecret(await dataDirectory(settings));
  return orderKeys({ secret, privateKeys, signingAlgorithm });
}

/** The service itself then works with no more rights than it needs, and need not wait as long as a migration may take. */
async function migrateAsOwner(ownerUrl: string, database: Database): Promise<void> {
  const owner = connectForMigrations(ownerUrl);
  try {
    await migrate(owner);
    await grantUse(owner, database);
  } finally {
    await owner.destroy();
  }
}

/** Loaded only where it is needed: the image has no PostgreSQL of its own. */
async function startEmbedded(settings: Settings) {
  const { startEmbeddedDatabase } = await import('./embedded-database.ts');
  return startEmbeddedDatabase({ directory: await dataDirectory(settings) });
}

async function dataDirectory(settings: Settings): Promise<string> {
  const { defaultDataDirectory } = await import('./embedded-database.ts');
  return settings.dataDirectory ?? defaultDataDirectory(checkout);
}

function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host || 'a local socket'}${pathname}`;
}
