export type Clock = () => Date;

export const systemClock: Clock = () => new Date();

/** The moment `minutes` later; negative minutes go back. */
export function minutesAfter(moment: Date, minutes: number): Date {
  return new Date(moment.getTime() + minutes * 60_000);
}
