import { setTimeout as wait } from 'node:timers/promises';

/** In milliseconds: what comes at all comes within this, however busy the machine is. */
const patience = 60_000;

/**
 * Waits until something is found that is not false or missing.
 *
 * @throws one that says `what` has not come within a minute
 */
export async function until<Value>(
  what: string,
  find: () => Value | Promise<Value>,
): Promise<Exclude<Value, false | undefined>> {
  for (const end = performance.now() + patience; performance.now() < end;) {
    const value = await find();
    if (value !== false && value !== undefined) return value as Exclude<Value, false | undefined>;
    await wait(5);
  }
  throw new Error(`In a minute it never came to this: ${what}`);
}
