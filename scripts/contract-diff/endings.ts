import { parseDeprecation, type Deprecation } from '../../src/http/deprecation.ts';
import { breaking, type Change } from './change.ts';
import type { Operation, Pairs } from './contract.ts';

export interface Endings {
  readonly changes: readonly Change[];
  /** What clients were told and is not kept: a line each. */
  readonly brokenPromises: readonly string[];
}

/**
 * Operations that are gone, moved, or will go earlier than clients were told.
 * @param today as in `2027-03-01`
 */
export function endings({ kept, removed }: Pairs, today: string): Endings {
  const changes = removed.map((operation) => {
    const sunset = announced(operation)?.sunset;
    const manner = sunset === undefined ? 'without announcement' : `announced for ${sunset}`;
    return breaking(`removed, ${manner}`, operation.name);
  });
  const moved = kept.filter(([before, after]) => before.name !== after.name);
  return {
    changes: [
      ...changes,
      ...moved.map(([before, after]) => breaking(`became \`${after.name}\``, before.name)),
    ],
    brokenPromises: [
      ...removed.flatMap((operation) => goneTooEarly(operation, today)),
      ...kept.flatMap(([before, after]) => goingEarlier(before, after)),
    ],
  };
}

function goneTooEarly(operation: Operation, today: string): string[] {
  const sunset = announced(operation)?.sunset;
  return sunset === undefined || sunset <= today
    ? []
    : [`\`${operation.name}\` is removed, but was to stay until ${sunset}`];
}

function goingEarlier(before: Operation, after: Operation): string[] {
  const [was, is] = [announced(before)?.sunset, announced(after)?.sunset];
  return was === undefined || is === undefined || is >= was
    ? []
    : [`\`${after.name}\` goes on ${is}, but was to stay until ${was}`];
}

/** Undefined also where it was not said as today. */
function announced({ definition }: Operation): Deprecation | undefined {
  try {
    return parseDeprecation(definition);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return undefined;
  }
}
