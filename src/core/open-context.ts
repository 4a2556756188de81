import { fileURLToPath } from 'node:url';
import { systemClock } from './clock.ts';
import type { Context } from './context.ts';
import { connectDatabase } from './database.ts';
import { createLogger } from './logger.ts';
import { migrate, withMigrationLock } from './migrate.ts';
import { keptSecret } from './secret.ts';
import type { Settings } from './settings.ts';
import { createTokens } from './tokens.ts';

export interface OpenContext {
  readonly context: Context;
  /** Where the data is, for people. */
  readonly dataPlace: string;
  /** Runs `work` on one instance at a time, of however many are starting. */
  readonly alone: <Result>(work: () => Promise<Result>) => Promise<Result>;
  readonly close: () => Promise<void>;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Opens the database that the settings name, or the checkout's own, and brings it up to date. */
export async function openContext(settings: Settings): Promise<OpenContext> {
  const { databaseUrl, jwtSecretKey, accessTokenMinutes, refreshTokenMinutes } = settings;
  const embedded = databaseUrl === undefined ? await startEmbedded(settings) : undefined;
  const url = databaseUrl ?? embedded?.url ?? '';
  const database = connectDatabase(url);
  const close = async () => {
    await database.destroy();
    await embedded?.stop();
  };
  try {
    const alone: OpenContext['alone'] = (work) => withMigrationLock(url, work);
    await alone(() => migrate(database));
    const secret = jwtSecretKey ?? (await keptSecret(await dataDirectory(settings)));
    const tokens = createTokens({ secret, clock: systemClock, accessTokenMinutes, refreshTokenMinutes });
    const context = { database, clock: systemClock, tokens, logger: createLogger(settings.logLevel) };
    return { context, dataPlace: embedded?.dataDirectory ?? hostOf(url), alone, close };
  } catch (error) {
    await close();
    throw error;
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
