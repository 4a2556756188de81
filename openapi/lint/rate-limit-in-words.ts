import type { Limit, RateLimit } from '../../src/http/rate-limit.ts';

/** For people who read the docs: "10 in a minute for each `email` in the body, and 100 in 5 minutes for each address". */
export function rateLimitInWords({ counts, limits }: RateLimit): string {
  const answers =
    counts.length === 1 ? `the answer ${counts[0]} counts` : `the answers ${counts.join(', ')} count`;
  return `${limits.map(limitInWords).join(', and ')}; only ${answers}`;
}

function limitInWords({ per, quota, seconds, knownDevicesQuota }: Limit): string {
  const subject =
    per === 'address' ? 'address' : per === 'caller' ? 'signed-in user' : `\`${per.name}\` in the ${per.in}`;
  const devices =
    knownDevicesQuota > quota ? ` (${knownDevicesQuota} for devices that it has been signed in from)` : '';
  return `${quota} in ${periodInWords(seconds)} for each ${subject}${devices}`;
}

function periodInWords(seconds: number): string {
  for (const [unit, length] of [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const) {
    if (seconds % length === 0) return inUnits(seconds / length, unit);
  }
  return inUnits(seconds, 'second');
}

function inUnits(count: number, unit: string): string {
  if (count > 1) return `${count} ${unit}s`;
  return unit === 'hour' ? `an ${unit}` : `a ${unit}`;
}
