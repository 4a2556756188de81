import '../../src/http/express.ts';
import type { DestinationStream } from 'pino';
import { createApp } from '../../src/app.ts';
import { minutesAfter } from '../../src/core/clock.ts';
import { ownOrigin, type Context } from '../../src/core/context.ts';
import { connectDatabase } from '../../src/core/database.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createTokens } from '../../src/core/tokens.ts';
import { listen } from '../../src/http/listen.ts';
import { createClient, type Client } from './client.ts';
import { createTestDatabase } from './databases.ts';

export const testSecret = 'a secret that only the tests know, long enough';

export interface TestService extends Client {
  readonly url: string;
  readonly databaseUrl: string;
  readonly context: Context;
  /** Lets the service believe that so much time has passed. */
  passMinutes(minutes: number): void;
  passSeconds(seconds: number): void;
  stop(): Promise<void>;
}

/** The whole service on a port and, unless another's is named, a database of its own. */
export async function startService(
  options: {
    databaseUrl?: string;
    trustedProxies?: number;
    logTo?: DestinationStream;
    /** Time passes only when told to, so that a busy machine makes no difference. */
    clockStands?: boolean;
  } = {},
): Promise<TestService> {
  const own = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own?.url ?? '';
  const database = connectDatabase(databaseUrl);
  let ahead = 0;
  const start = new Date();
  const clock = () => minutesAfter(options.clockStands ? start : new Date(), ahead);
  const tokens = createTokens({
    secret: testSecret,
    clock,
    accessTokenMinutes: 30,
    refreshTokenMinutes: 10_080,
  });
  const logger = createLogger(options.logTo ? 'trace' : 'silent', options.logTo);
  const context = { database, clock, tokens, logger, origin: ownOrigin };
  const app = await createApp(context, {
    corsOrigins: ['http://localhost:5173'],
    // Behind a proxy, a test can come from as many addresses as it needs.
    trustedProxies: options.trustedProxies ?? 1,
  });
  const { server, port } = await listen(app, 0);
  // On a busy machine a connection would be closed just when the client sends on it again.
  server.keepAliveTimeout = 60_000;
  const url = `http://localhost:${port}`;
  return {
    ...createClient(url),
    url,
    databaseUrl,
    context,
    passMinutes: (minutes) => {
      ahead += minutes;
    },
    passSeconds: (seconds) => {
      ahead += seconds / 60;
    },
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await database.destroy();
      await own?.drop();
    },
  };
}
