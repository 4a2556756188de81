/** `npm run test:trials` and `npm run test:faults`, not `npm test`. */
export const isFull = process.env['TEST_TRIALS'] === 'full';

/** How often something is tried, or how long: less in `npm test` than in the commands that do it in full. */
export function trials(count: { short: number; full: number }): number {
  return isFull ? count.full : count.short;
}
