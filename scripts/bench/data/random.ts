/** Numbers from 0 to 1, the same for the same seed: mulberry32. */
export type Random = () => number;

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

/** Mostly small: the lowest of a thousand comes every tenth time. */
export function mostlyLow(random: Random, limit: number): number {
  return Math.floor(random() ** 3 * limit);
}

/** Shares out a total so that few get very much and most get little: as Zipf's law has it. */
export function shareOut(total: number, among: number, exponent: number, most: number): number[] {
  const weights = Array.from({ length: among }, (_, rank) => (rank + 1) ** -exponent);
  const sum = weights.reduce((one, other) => one + other, 0);
  let left = total;
  return weights.map((weight) => {
    const share = Math.min(left, most, Math.ceil((total * weight) / sum));
    left -= share;
    return share;
  });
}

const primes = [1_299_709, 104_729, 7_919];

/** So many different ones of all below a limit. */
export function* different(random: Random, count: number, limit: number): Generator<number> {
  // Whatever has no divisor in common with the limit comes by all before it comes by one again.
  const step = primes.find((prime) => limit % prime !== 0) ?? 1;
  let at = below(random, limit);
  for (let done = 0; done < count; done += 1) {
    yield at;
    at = (at + step) % limit;
  }
}
