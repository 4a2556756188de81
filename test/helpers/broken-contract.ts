import type { Edit } from './contract-samples.ts';

/** The good contract made wrong in one place. */
export interface Breach {
  /** Reads on from "<rule> refuses …". */
  readonly title: string;
  readonly edits: readonly Edit[];
  /** File and pointer of the problem. */
  readonly at: string;
  readonly says: RegExp;
}

export interface BrokenContract extends Breach {
  readonly rule: string;
}

export function ofRule(rule: string, breaches: readonly Breach[]): BrokenContract[] {
  return breaches.map((breach) => ({ ...breach, rule }));
}
