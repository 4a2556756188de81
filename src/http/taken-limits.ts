import type { Response } from 'express';

/** What a request has taken of its operation's limits, to be settled by the status of its answer. */
export interface TakenLimits {
  settle(response: Response, status: number): Promise<void>;
}
