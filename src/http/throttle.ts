import type { Request, RequestHandler, Response } from 'express';
import type { Logger } from 'pino';
import type { Context } from '../core/context.ts';
import { rateLimited, type Problem } from '../core/errors.ts';
import { appliedLimits, type AppliedLimit } from './applied-limits.ts';
import { factsOf } from './log-facts.ts';
import { originOf } from './operation-request.ts';
import type { RateLimit } from './rate-limit.ts';
import { rateLimitFields, secondsUntil } from './rate-limit-fields.ts';
import { giveBackAll, isFull, takeOfAll, type Filled } from './rate-limit-store.ts';
import type { TakenLimits } from './taken-limits.ts';

type TakenLimit = AppliedLimit & Filled;

/**
 * Refuses what exceeds the operation's `x-rate-limit`. A use is taken before the work, so that those who try many times at
 * once get no further, and given back when the answer turns out to be none that counts.
 */
export function throttle(shared: Context): RequestHandler {
  return async (request, response, next) => {
    const { rateLimit } = request.operation;
    if (rateLimit) {
      const context = { ...shared, origin: originOf(request) };
      const now = context.clock();
      const limits = await takeOfAll(context.database, await appliedLimits(request, rateLimit, context), now);
      if (limits.some(isFull)) {
        response.set(rateLimitFields(rateLimit, limits, now));
        throw refusal(request, context.logger, limits.filter(isFull), now);
      }
      request.takenLimits = takenLimits(request, rateLimit, limits, context, now);
    }
    next();
  };
}

/** Call it before anything is answered. */
export async function settleLimits(
  request: Pick<Request, 'takenLimits'>,
  response: Response,
  status: number,
): Promise<void> {
  const { takenLimits } = request;
  if (!takenLimits) return;
  delete request.takenLimits;
  await takenLimits.settle(response, status);
}

function takenLimits(
  request: Request,
  rateLimit: RateLimit,
  before: readonly TakenLimit[],
  { database, logger }: Context,
  moment: Date,
): TakenLimits {
  return {
    settle: async (response, status) => {
      const isCounted = rateLimit.counts.includes(String(status));
      const limits = isCounted ? before.map((limit) => usedOnceMore(limit, moment)) : before;
      response.set(rateLimitFields(rateLimit, limits, moment));
      if (isCounted) return;
      try {
        await giveBackAll(database, limits, moment);
      } catch (error) {
        // The answer is right all the same, and what was taken is forgotten by itself.
        logger.error({ ...factsOf(request), err: error }, 'a rate limit could not be given back');
      }
    },
  };
}

function usedOnceMore(limit: TakenLimit, moment: Date): TakenLimit {
  const forgottenAt = new Date(moment.getTime() + limit.seconds * 1000);
  return { ...limit, used: limit.used + 1, freeAgainAt: limit.freeAgainAt ?? forgottenAt };
}

function refusal(request: Request, logger: Logger, full: readonly TakenLimit[], now: Date): Problem {
  const limits = full.map(({ limit }) => limit.name);
  logger.warn({ ...factsOf(request), limits }, 'rate limited');
  const wait = Math.max(...full.map(({ freeAgainAt }) => secondsUntil(freeAgainAt ?? now, now)));
  return rateLimited(`Too many attempts. Please try again in ${inWords(wait)}.`, wait, limits.join(' and '));
}

function inWords(seconds: number): string {
  if (seconds === 1) return 'a second';
  return seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`;
}
