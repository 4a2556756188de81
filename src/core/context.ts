import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import type { PasswordRules } from './passwords/rules.ts';
import type { Tokens } from './tokens.ts';

/** Where a change comes from; sessions and audit events keep it. */
export interface Origin {
  readonly actor_id: string | null;
  readonly ip: string | null;
  readonly user_agent: string | null;
  /** What the client's device calls itself; never stored as it is. */
  readonly device_id: string | null;
  readonly request_id: string | null;
}

/** What a service may depend on besides its input. */
export interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly passwordRules: PasswordRules;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly outbox: Outbox;
  /** Aborted as soon as the service has been told to stop. */
  readonly stopping: AbortSignal;
  readonly origin: Origin;
}

/** Where it is told what happens. */
export type Watching = Pick<Context, 'logger' | 'metrics'>;

/** Of what no request has asked for. */
export const ownOrigin: Origin = {
  actor_id: null,
  ip: null,
  user_agent: null,
  device_id: null,
  request_id: null,
};

/** Everything that `work` does by its context happens, or nothing does. */
export function inTransaction<Result>(
  context: Context,
  work: (context: Context) => Promise<Result>,
): Promise<Result> {
  return context.database.transaction((database) => work({ ...context, database }));
}
