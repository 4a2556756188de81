/** One that is as short delays nobody much. */
const shortQueue = 20;
/** In milliseconds. A longer queue is a burst for so long, which is served, and overload from then on: a new process is slow at first. */
const usualBurst = 2_000;
/** In milliseconds, after overload: until then there are no bursts. */
const calm = 1_000;

/**
 * Whether more comes than can be done, by a queue that does not get shorter: CoDel (RFC 8289) looks at queues in this way. Ask
 * for each that comes.
 * @param now in milliseconds, from wherever
 */
export function overloadDetector(
  queueLength: () => number,
  now: () => number,
  burst = usualBurst,
): () => boolean {
  let longSince = Infinity;
  let overloadedUntil = -Infinity;

  return () => {
    if (queueLength() < shortQueue) {
      longSince = Infinity;
      return false;
    }
    const moment = now();
    longSince = Math.min(longSince, moment);
    if (moment - longSince < burst && moment >= overloadedUntil) return false;
    overloadedUntil = moment + calm;
    return true;
  };
}
