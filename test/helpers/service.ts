import '../../src/http/express.ts';
import type { DestinationStream } from 'pino';
import { createApp } from '../../src/app.ts';
import type { Clock } from '../../src/core/clock.ts';
import { ownOrigin, type Context } from '../../src/core/context.ts';
import { connectDatabase } from '../../src/core/database.ts';
import type { MailSettings } from '../../src/core/mail-settings.ts';
import { createLogger } from '../../src/core/logger.ts';
import { createMetrics } from '../../src/core/metrics.ts';
import { orderKeys } from '../../src/core/signing-keys.ts';
import { createTokens } from '../../src/core/tokens.ts';
import type { ContractDocument } from '../../src/http/contract.ts';
import { listen, type ConnectionLimits } from '../../src/http/listen.ts';
import { withOutbox } from '../../src/services/mail/with-outbox.ts';
import { createClient, type Client } from './client.ts';
import { createTestDatabase } from './databases.ts';
import { instanceCount } from './scaled.ts';
import { startTcpBalancer } from './tcp-balancer.ts';
import { preparedStatements, throughPooler } from './through-pooler.ts';

export const testSecret = 'a secret that only the tests know, long enough';

/** What tokens are signed and verified with. */
export type Keys = Parameters<typeof orderKeys>[0];

export const secretAlone: Keys = { secret: testSecret, privateKeys: [], signingAlgorithm: 'HS256' };

export interface TestService extends Client {
  readonly url: string;
  readonly databaseUrl: string;
  /** With several instances, the first one's. */
  readonly context: Context;
  /** Lets the service believe that so much time has passed; its clock goes on from there. */
  passMinutes(minutes: number): void;
  passSeconds(seconds: number): void;
  stop(): Promise<void>;
}

const mostConnections = 10;

/** Makes mails, and does nothing with them. */
const unsentMail: MailSettings = {
  smtpUrl: undefined,
  logged: true,
  requireTls: false,
  timeout: 10_000,
  longestDelay: 2_000,
  from: { name: 'Tripod', address: 'tripod@example.org' },
  passwordResetUrl: 'https://console.example.org/reset-password',
};

interface Options {
  databaseUrl?: string;
  trustedProxies?: number;
  logTo?: DestinationStream;
  passwordMinLength?: number;
  keys?: Keys;
  mail?: Partial<MailSettings>;
  /** Another than the project's, with the same operations. */
  contract?: ContractDocument;
  /** Time passes only when told to, so that a busy machine makes no difference. */
  clockStands?: boolean;
  limits?: Partial<ConnectionLimits>;
  /** Milliseconds, as in `connectDatabase`. */
  statementLimit?: number;
  corsOrigins?: readonly string[];
  /** Milliseconds, as in `AppSettings`. */
  longestBurst?: number;
  /** Also in `npm run test:scaled`: for what an instance counts, limits or sends away by itself. */
  oneInstance?: boolean;
}

/** The whole service on a port and, unless another's is named, a database of its own. */
export async function startService(options: Options = {}): Promise<TestService> {
  const own = options.databaseUrl === undefined ? await createTestDatabase() : undefined;
  const databaseUrl = options.databaseUrl ?? own?.url ?? '';
  let ahead = 0;
  const start = Date.now();
  const clock = () => new Date((options.clockStands ? start : Date.now()) + ahead * 1_000);
  const passSeconds = (seconds: number) => {
    ahead += seconds;
  };
  const first = await startInstance(databaseUrl, clock, options);
  const instances = [first];
  while (!options.oneInstance && instances.length < instanceCount)
    instances.push(await startInstance(databaseUrl, clock, options));
  const balancer =
    instances.length > 1 ? await startTcpBalancer(instances.map(({ port }) => port)) : undefined;
  const url = `http://localhost:${balancer?.port ?? first.port}`;
  return {
    ...createClient(url),
    url,
    databaseUrl,
    context: first.context,
    passSeconds,
    passMinutes: (minutes) => {
      passSeconds(minutes * 60);
    },
    stop: async () => {
      await balancer?.stop();
      for (const instance of instances) await instance.stop();
      await own?.drop();
    },
  };
}

/** Everything that a process of the service has for itself. */
async function startInstance(databaseUrl: string, clock: Clock, options: Options) {
  // On a busy machine, nothing but a test of time should depend on time.
  const database = connectDatabase(throughPooler(databaseUrl), {
    preparedStatements,
    // The tests' cluster has so many connections that several instances share what one would have.
    poolSize: options.oneInstance ? mostConnections : Math.ceil(mostConnections / instanceCount),
    acquireLimit: 60_000,
    statementLimit: options.statementLimit ?? 60_000,
  });
  const tokens = createTokens({
    keys: orderKeys(options.keys ?? secretAlone),
    clock,
    accessTokenMinutes: 30,
    refreshTokenMinutes: 10_080,
  });
  const logger = createLogger(options.logTo ? 'trace' : 'silent', { destination: options.logTo });
  const metrics = createMetrics();
  const passwordRules = { minLength: options.passwordMinLength ?? 8 };
  const context = withOutbox(
    {
      database,
      clock,
      tokens,
      passwordRules,
      logger,
      metrics,
      origin: ownOrigin,
      stopping: new AbortController().signal,
    },
    { ...unsentMail, ...options.mail },
  );
  // Behind a proxy, a test can come from as many addresses as it needs.
  const { corsOrigins = ['http://localhost:5173'], trustedProxies = 1, longestBurst = 600_000 } = options;
  const settings = { corsOrigins, trustedProxies, longestBurst };
  const app = await createApp(context, settings, options.contract);
  const { server, port } = await listen(app, 0, { logger, metrics, limits: options.limits ?? {} });
  return {
    context,
    port,
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await context.outbox.stop();
      await database.destroy();
    },
  };
}
