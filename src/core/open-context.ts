import { withOutbox } from '../services/mail/with-outbox.ts';
import { bringUpToDate } from './bring-up-to-date.ts';
import { systemClock } from './clock.ts';
import { ownOrigin, type Context } from './context.ts';
import { createLogger } from './logger.ts';
import { createMetrics } from './metrics.ts';
import { oneAtATime } from './migrations/lock.ts';
import { asOwner, dataDirectory, openDatabase } from './open-database.ts';
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

/** Opens the database that the settings name, or the checkout's own, and brings it up to date. */
export async function openContext(settings: Settings): Promise<OpenContext> {
  const { passwordRules, accessTokenMinutes, refreshTokenMinutes } = settings;
  const open = await openDatabase(settings);
  const { database, place: dataPlace, close } = open;
  const logger = createLogger(settings.logLevel, { project: settings.googleCloudProject });
  try {
    await bringUpToDate(open, settings.migrationDatabaseUrl, {
      onDone: (migration, milliseconds) => {
        logger.info({ migration, milliseconds: Math.round(milliseconds) }, 'migrated');
      },
      onWait: (reason) => {
        logger.warn({ reason }, 'waiting to migrate');
      },
    });
    const keys = await openKeys(settings);
    const tokens = createTokens({ keys, clock: systemClock, accessTokenMinutes, refreshTokenMinutes });
    const metrics = createMetrics();
    const stopping = new AbortController();
    const basis = { database, clock: systemClock, tokens, passwordRules, logger, metrics, origin: ownOrigin };
    const context = withOutbox({ ...basis, stopping: stopping.signal }, settings.mail);
    const alone: OpenContext['alone'] = (work) =>
      asOwner(open, undefined, (owner) => oneAtATime(owner, work));
    const stop = async () => {
      await context.outbox.stop();
      await close();
    };
    const announceStop = () => {
      stopping.abort();
    };
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
