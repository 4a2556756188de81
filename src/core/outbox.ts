import type { Logger } from 'pino';
import type { Clock } from './clock.ts';
import { isUnavailable } from './database-errors.ts';
import { reasonOf } from './logger.ts';

/** Mails are sent after the request that asks for them, and again as long as that fails. */
export interface Outbox {
  /** Call when a mail has been queued for good, and at start. */
  readonly wake: () => void;
  /** Sends what is due, after whatever is under way. */
  readonly deliver: () => Promise<void>;
  /** Takes no further mail, and waits for the one that is being sent. */
  readonly stop: () => Promise<void>;
}

/** Milliseconds. */
const afterTrouble = 30_000;
const longestTimer = 60 * 60_000;

/**
 * Works only while there is something to send, so that an idle database may sleep.
 * @param deliverDue sends what is due, and answers when the next one will be
 * @param longestDelay milliseconds; woken, it starts up to so much later, at random: how busy the service is right after a
 *   request tells nothing about that request
 */
export function createOutbox(
  deliverDue: (stopping: AbortSignal) => Promise<Date | undefined>,
  longestDelay: number,
  { clock, logger }: { clock: Clock; logger: Logger },
): Outbox {
  const stopping = new AbortController();
  let running = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;
  let planned = Infinity;

  function plan(milliseconds: number): void {
    const delay = Math.min(Math.max(milliseconds, 0), longestTimer);
    if (stopping.signal.aborted || planned <= Date.now() + delay) return;
    clearTimeout(timer);
    planned = Date.now() + delay;
    timer = setTimeout(() => {
      planned = Infinity;
      void deliver();
    }, delay).unref();
  }

  function deliver(): Promise<void> {
    running = running.then(async () => {
      if (stopping.signal.aborted) return;
      try {
        const next = await deliverDue(stopping.signal);
        if (next) plan(next.getTime() - clock().getTime());
      } catch (error) {
        if (isUnavailable(error)) logger.warn({ error: reasonOf(error) }, 'mails have to wait');
        else logger.error({ err: error }, 'mails have to wait');
        plan(afterTrouble);
      }
    });
    return running;
  }

  return {
    wake: () => {
      if (planned > Date.now() + longestDelay) plan(Math.random() * longestDelay);
    },
    deliver,
    stop: () => {
      stopping.abort();
      clearTimeout(timer);
      return running;
    },
  };
}
