import { parseArgs } from 'node:util';
import { operations } from './operations.ts';

export interface Options {
  /** Names of cases. */
  readonly chosen: readonly string[];
  /** Whether that is not all of them. */
  readonly isChoice: boolean;
  readonly isBrief: boolean;
  readonly isProfile: boolean;
  /** The file of earlier results. */
  readonly against: string | undefined;
}

/** @throws {Error} that says what there is instead */
export function readOptions(args: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      brief: { type: 'boolean', default: false },
      profile: { type: 'boolean', default: false },
      against: { type: 'string' },
    },
  });
  const names = operations.flatMap(({ cases }) => Object.keys(cases));
  const unknown = positionals.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no ${unknown.join(', ')}. What can be measured: ${names.join(', ')}.`);
  return {
    chosen: positionals.length > 0 ? positionals : names,
    isChoice: positionals.length > 0,
    isBrief: values.brief,
    isProfile: values.profile,
    against: values.against,
  };
}
