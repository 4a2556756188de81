import type { Change } from './change.ts';
import { pairOperations, type Contract } from './contract.ts';
import { endings } from './endings.ts';
import { growingEnumerations } from './growing.ts';
import { judge } from './judge.ts';
import type { Finding } from './oasdiff.ts';
import { overlookedChanges } from './overlooked.ts';
import { rightsChanges, type RightsChanges } from './rights.ts';
import { isAtLeast, leastVersion, type Weight } from './version.ts';

export interface Comparison {
  readonly isBreaking: boolean;
  /** Whether somebody gains a right. */
  readonly isWidening: boolean;
  readonly changes: readonly Change[];
  readonly rights: RightsChanges;
  readonly brokenPromises: readonly string[];
  readonly version: {
    readonly before: string;
    readonly after: string;
    readonly least: string;
    readonly isEnough: boolean;
  };
}

/** What oasdiff finds between the two; nothing where it is not asked. */
export type FindShapes = (before: Contract, after: Contract) => Promise<readonly Finding[]>;

/**
 * All that clients can notice.
 * @param today as in `2027-03-01`
 */
export async function compareContracts(
  before: Contract,
  after: Contract,
  findShapes: FindShapes,
  today: string,
): Promise<Comparison> {
  const pairs = pairOperations(before, after);
  const rights = rightsChanges(pairs);
  const { changes: ends, brokenPromises } = endings(pairs, today);
  const growing = growingEnumerations(before, after);
  const shapes = await findShapes(growing.before, after);
  const added = pairs.added.map(({ name }): Change => ({
    effect: 'compatible',
    text: 'added',
    operation: name,
  }));
  const changes = [
    ...ends,
    ...added,
    ...growing.changes,
    ...overlookedChanges(growing.before, after, pairs),
    ...judge(shapes),
  ];
  const isBreaking = rights.losses.length > 0 || changes.some(({ effect }) => effect === 'breaking');
  const isWidening = rights.gains.length > 0;
  const weight = weightOf(isBreaking, isWidening || changes.length > 0, isSameText(before, after));
  const least = leastVersion(before.info.version, weight);
  return {
    isBreaking,
    isWidening,
    changes,
    rights,
    brokenPromises,
    version: {
      before: before.info.version,
      after: after.info.version,
      least,
      isEnough: isAtLeast(after.info.version, least),
    },
  };
}

function weightOf(isBreaking: boolean, isNoticeable: boolean, isSame: boolean): Weight {
  if (isBreaking) return 'breaking';
  if (isNoticeable) return 'compatible';
  return isSame ? 'nothing' : 'words';
}

function isSameText(before: Contract, after: Contract): boolean {
  const [one, other] = [before, after].map((contract) =>
    JSON.stringify({ ...contract, info: { ...contract.info, version: '' } }),
  );
  return one === other;
}
