import { createHash } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Request } from 'express';
import stringify from 'safe-stable-stringify';
import { minutesAfter } from '../core/clock.ts';
import { inTransaction, type Context } from '../core/context.ts';
import { runStatement, type Statement } from '../core/database.ts';
import { nativeCode, onConstraint } from '../core/database-errors.ts';
import { conflict, Problem, unprocessable } from '../core/errors.ts';
import { invalidToken } from './authenticate.ts';
import type { Answer } from './handler.ts';
import type { OperationId } from './operations.ts';

type Outcome =
  | { readonly answer: Answer<OperationId> }
  | { readonly problem: Pick<Problem, 'status' | 'code' | 'message' | 'members' | 'headers'> };

const keptMinutes = 24 * 60;
const lockNotAvailable = '55P03';

/** In milliseconds. How long one that arrives while the first still runs waits for it. */
const patience = 5_000;
const firstPause = 25;
const longestPause = 400;

/** In this instance at once: each asks the database again and again. */
const mostWaiting = 50;

/** Waiting for the row itself would keep a connection from others. */
const glance: Statement = {
  name: 'idempotency-glance',
  text: `set local lock_timeout to '10ms'`,
};

/** The work itself waits for locks as it does without a key. */
const usualPatience: Statement = {
  name: 'usual-patience',
  text: 'set local lock_timeout to default',
};

/** Takes when older keys have been forgotten. Each new request clears away more than it leaves. */
const forget: Statement = {
  name: 'forget-idempotency-keys',
  text: `delete from idempotency_keys where ctid = any (array(
           select ctid from idempotency_keys where created_at < $1
            order by created_at limit 100 for update skip locked))`,
};

/** Takes user, operation, key, hash of the request, now, and when older keys have been forgotten. Answers only the first. */
const claim: Statement = {
  name: 'claim-idempotency-key',
  text: `insert into idempotency_keys as kept (user_id, operation_id, key, request_hash, created_at)
         values ($1, $2, $3, $4, $5)
         on conflict (user_id, operation_id, key) do update
           set request_hash = excluded.request_hash, created_at = excluded.created_at, answer = null
           where kept.created_at < $6
         returning key`,
};

const find: Statement = {
  name: 'find-idempotency-key',
  text: 'select request_hash, answer from idempotency_keys where user_id = $1 and operation_id = $2 and key = $3',
};

const keep: Statement = {
  name: 'keep-idempotent-answer',
  text: 'update idempotency_keys set answer = $4 where user_id = $1 and operation_id = $2 and key = $3',
};

/**
 * Where the contract declares `Idempotency-Key`, runs the work once for each key: its effect and its answer are kept in one
 * transaction, and whoever repeats the request gets that answer. What fails with 5xx leaves nothing behind.
 */
export async function oncePerKey(
  request: Request,
  context: Context,
  work: (context: Context) => Promise<Answer<OperationId>>,
): Promise<Answer<OperationId>> {
  const { operation, caller } = request;
  const key = operation.headerParameters.has('Idempotency-Key') ? request.get('Idempotency-Key') : undefined;
  if (key === undefined) return work(context);

  const id = [caller.user.id, operation.id, key];
  const hash = hashOf(request);
  const now = context.clock();
  const forgotten = minutesAfter(now, -keptMinutes);
  await runStatement(context.database, forget, [forgotten]);
  const outcome = await onceFree(context, () =>
    inTransaction(context, async (context) => {
      const { database } = context;
      await runStatement(database, glance, []);
      const claimed = await runStatement(database, claim, [...id, hash, now, forgotten]).catch(
        // An account may be deleted right after it was asked who calls.
        onConstraint({ idempotency_keys_user_id_fkey: invalidToken }),
      );
      if (claimed.length === 0) return keptOutcome(context, id, hash);
      await runStatement(database, usualPatience, []);
      const outcome = await settle(context, work);
      await runStatement(database, keep, [...id, JSON.stringify(outcome)]);
      return outcome;
    }),
  );
  if ('answer' in outcome) return outcome.answer;
  const { status, code, message, members, headers } = outcome.problem;
  throw new Problem(status, code, message, { members, headers });
}

let waiting = 0;

/** Tries again as long as another has the key, with pauses in which no connection is kept from others. */
async function onceFree({ metrics }: Context, attempt: () => Promise<Outcome | undefined>): Promise<Outcome> {
  const outcome = await attempt().catch(unlessTaken);
  if (outcome) return outcome;
  if (waiting >= mostWaiting) throw runningStill();
  waiting += 1;
  metrics.idempotencyWaiters.inc();
  try {
    return await tryAgain(attempt);
  } finally {
    waiting -= 1;
    metrics.idempotencyWaiters.dec();
  }
}

async function tryAgain(attempt: () => Promise<Outcome | undefined>): Promise<Outcome> {
  const end = performance.now() + patience;
  for (let pause = firstPause; performance.now() < end; pause = Math.min(2 * pause, longestPause)) {
    await wait(pause);
    const outcome = await attempt().catch(unlessTaken);
    if (outcome) return outcome;
  }
  throw runningStill();
}

function unlessTaken(error: unknown): undefined {
  if (nativeCode(error) !== lockNotAvailable) throw error;
}

/** A refusal is an outcome too; it takes nothing with it but what was done on the way there. */
async function settle(
  context: Context,
  work: (context: Context) => Promise<Answer<OperationId>>,
): Promise<Outcome> {
  try {
    return { answer: await inTransaction(context, work) };
  } catch (error) {
    if (!(error instanceof Problem) || error.status >= 500) throw error;
    const { status, code, message, members, headers } = error;
    return { problem: { status, code, message, members, headers } };
  }
}

/** Undefined where the first has just given up. */
async function keptOutcome(
  { database, metrics }: Context,
  id: readonly string[],
  hash: string,
): Promise<Outcome | undefined> {
  const [kept] = await runStatement<{ request_hash: string; answer: Outcome }>(database, find, id);
  if (!kept) return undefined;
  if (kept.request_hash === hash) {
    metrics.idempotencyReplays.inc();
    return kept.answer;
  }
  throw unprocessable(
    'IDEMPOTENCY_KEY_REUSED',
    'This Idempotency-Key has been used for another request. Please take a new one for each.',
  );
}

function runningStill(): Problem {
  return conflict(
    'CONFLICT',
    'The first request with this Idempotency-Key is still running. Please try again shortly.',
  );
}

function hashOf({ pathParameters, body }: Request): string {
  return createHash('sha256')
    .update(stringify({ pathParameters, body: body as unknown }) ?? '')
    .digest('base64url');
}
