import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import type { Tokens } from './tokens.ts';

/** What a service may depend on besides its input. */
export interface Context {
  readonly database: Database;
  readonly clock: Clock;
  readonly tokens: Tokens;
  readonly logger: Logger;
}
