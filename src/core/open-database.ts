import { fileURLToPath } from 'node:url';
import { connectDatabase, connectForMigrations, type Database } from './database.ts';
import type { DatabaseSettings } from './settings.ts';

export interface OpenDatabase {
  readonly database: Database;
  readonly url: string;
  /** Where the data is, for people. */
  readonly place: string;
  readonly close: () => Promise<void>;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Connects to the database that the settings name, or to the checkout's own, which it starts unless it runs. */
export async function openDatabase(settings: DatabaseSettings): Promise<OpenDatabase> {
  const { databaseUrl, databasePreparedStatements: preparedStatements } = settings;
  const embedded = databaseUrl === undefined ? await startEmbedded(settings) : undefined;
  const url = databaseUrl ?? embedded?.url ?? '';
  const database = connectDatabase(url, { preparedStatements });
  return {
    database,
    url,
    place: embedded?.dataDirectory ?? hostOf(url),
    close: async () => {
      await database.destroy();
      await embedded?.stop();
    },
  };
}

/** Lets `work` have the database for as long as it takes, with the rights of its owner where one is named. */
export async function asOwner<Result>(
  { url }: Pick<OpenDatabase, 'url'>,
  ownerUrl: string | undefined,
  work: (owner: Database) => Promise<Result>,
): Promise<Result> {
  const owner = connectForMigrations(ownerUrl ?? url);
  try {
    return await work(owner);
  } finally {
    await owner.destroy();
  }
}

export async function dataDirectory(settings: DatabaseSettings): Promise<string> {
  const { defaultDataDirectory } = await import('./embedded-database.ts');
  return settings.dataDirectory ?? defaultDataDirectory(checkout);
}

/** Loaded only where it is needed: the image has no PostgreSQL of its own. */
async function startEmbedded(settings: DatabaseSettings) {
  const { startEmbeddedDatabase } = await import('./embedded-database.ts');
  return startEmbeddedDatabase({ directory: await dataDirectory(settings) });
}

function hostOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `PostgreSQL at ${host || 'a local socket'}${pathname}`;
}
