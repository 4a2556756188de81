import type { Limit, RateLimit } from './rate-limit.ts';
import type { Filled } from './rate-limit-store.ts';

/** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers: structured fields (RFC 9651), lists of them. */
export function rateLimitFields(
  { limits }: RateLimit,
  applied: readonly (Limit & Filled)[],
  now: Date,
): Record<string, string> {
  const policies = limits.map(({ name, quota, seconds }) => `"${name}";q=${quota};w=${seconds}`);
  const left = applied.map(({ name, quota, used, freeAgainAt }) => {
    const again = freeAgainAt === null ? '' : `;t=${secondsUntil(freeAgainAt, now)}`;
    return `"${name}";r=${Math.max(0, quota - used)}${again}`;
  });
  const policy = { 'RateLimit-Policy': policies.join(', ') };
  // A list without members is left out (RFC 9651, section 3.1).
  return left.length === 0 ? policy : { ...policy, RateLimit: left.join(', ') };
}

/** In whole seconds, at least one. */
export function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1000));
}
