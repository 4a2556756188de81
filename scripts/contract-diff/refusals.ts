import type { Comparison } from './compare.ts';

/** Changes that somebody has to want, each with the label of a pull request that says so. */
export const consents = { breaking: 'breaking-change', widening: 'widens-rights' } as const;

export type Consent = keyof typeof consents;

export interface Refusal {
  /** A bit of the exit code. */
  readonly code: number;
  readonly why: string;
}

/** Why a change may not land as it is. */
export function refusalsOf(
  comparison: Comparison,
  allowed: readonly Consent[],
  isComplete: boolean,
): Refusal[] {
  const { isBreaking, isWidening, version, brokenPromises } = comparison;
  const unless = (consent: Consent) => `, unless that is allowed (label \`${consents[consent]}\`)`;
  const all = [
    { code: 1, holds: !isComplete, why: 'it was not looked at completely' },
    {
      code: 2,
      holds: isBreaking && !allowed.includes('breaking'),
      why: `it breaks clients${unless('breaking')}`,
    },
    {
      code: 4,
      holds: isWidening && !allowed.includes('widening'),
      why: `somebody gains a right${unless('widening')}`,
    },
    { code: 8, holds: !version.isEnough, why: `its version is below ${version.least}` },
    { code: 16, holds: brokenPromises.length > 0, why: 'it breaks a promise' },
  ];
  return all.filter(({ holds }) => holds).map(({ code, why }) => ({ code, why }));
}
