import type { AppliedLimit } from './applied-limits.ts';
import type { RateLimit } from './rate-limit.ts';
import type { Filled } from './rate-limit-store.ts';

/** `RateLimit-Policy` and `RateLimit` of draft-ietf-httpapi-ratelimit-headers: structured fields (RFC 9651), lists of them. */
export function rateLimitFields(
  { limits }: RateLimit,
  applied: readonly (AppliedLimit & Filled)[],
  now: Date,
): Record<string, string> {
  const policies = limits.map(({ name, quota, seconds }) => `"${name}";q=${quota};w=${seconds}`);
  const left = applied.map(({ limit, used, freeAgainAt }) => {
    const again = freeAgainAt === null ? '' : `;t=${secondsUntil(freeAgainAt, now)}`;
    // What known devices have beyond it is not told: it would show who has an account, and used it here.
    return `"${limit.name}";r=${Math.max(0, limit.quota - used)}${again}`;
  });
  const policy = { 'RateLimit-Policy': policies.join(', ') };
  // A list without members is left out (RFC 9651, section 3.1).
  return left.length === 0 ? policy : { ...policy, RateLimit: left.join(', ') };
}

/** In whole seconds, at least one. */
export function secondsUntil(moment: Date, now: Date): number {
  return Math.max(1, Math.ceil((moment.getTime() - now.getTime()) / 1000));
}
