/** How often something is tried: fewer times in `npm test` than in `npm run test:trials`. */
export function trials(count: { short: number; full: number }): number {
  return process.env['TEST_TRIALS'] === 'full' ? count.full : count.short;
}
