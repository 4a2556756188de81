import type { Problem } from '../core/errors.ts';
import type { AccessClaims } from '../core/tokens.ts';
import type { TraceContext } from '../core/trace-context.ts';
import type { Caller } from './authorize.ts';
import type { Operation } from './operations.ts';
import type { TakenLimits } from './taken-limits.ts';

/** What the steps of the pipeline find out about a request for those that follow. */
declare global {
  // eslint-disable-next-line @typescript-eslint/no-namespace -- Express's types are extended by this name only.
  namespace Express {
    interface Request {
      id: string;
      /** Of the span that this request is, or that it was sent in; undefined where nobody traces it. */
      trace: TraceContext | undefined;
      operation: Operation;
      /** Express's own `params` are emptied between steps. */
      pathParameters: Record<string, string>;
      /** What the access token claims; set for secured operations. */
      claims: AccessClaims;
      /** What the request has taken of its operation's limits, until it is known how it is answered. */
      takenLimits?: TakenLimits;
      /** Who asks, as the database knows them at this moment; set for secured operations. */
      caller: Caller;
      /** What is wrong with the body, to be raised once the caller is known to have the required role. */
      bodyProblem?: unknown;
      /** What it is answered with, where that is a problem. */
      problem?: Problem;
    }
  }
}
