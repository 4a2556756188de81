import type { Results } from './results.ts';
import { align } from './table.ts';

export interface Comparison {
  readonly name: string;
  /** The service's CPU for a request, as a multiple of the limit's; null for what is measured the first time. */
  readonly before: number | null;
  readonly now: number;
  readonly isWorse: boolean;
}

/** What a machine's noise may explain. */
const tolerance = 1.25;

/**
 * Ratios are compared, since another machine takes another time for both servers.
 * @throws {Error} where the results lack a server, or nothing is there to compare
 */
export function compare(before: Pick<Results, 'cases'>, now: Pick<Results, 'cases'>): Comparison[] {
  const names = Object.keys(now.cases);
  if (!names.some((name) => before.cases[name]))
    throw new Error('The earlier results have none of these cases.');
  return names.map((name) => {
    const ratio = ratioOf(now, name);
    const earlier = before.cases[name] ? ratioOf(before, name) : null;
    return {
      name,
      before: earlier,
      now: ratio,
      isWorse: earlier !== null && ratio > earlier * tolerance,
    };
  });
}

/** @throws {Error} where the results are those of another major version of Node, which has other ratios */
export function refuseOtherNode({ machine }: Pick<Results, 'machine'>, current: string): void {
  const majorOf = (version: string) => version.split('.')[0];
  if (majorOf(machine.node) === majorOf(current)) return;
  throw new Error(
    `The earlier results are those of Node ${machine.node}, this is ${current}, and ratios depend on that: please use the same.`,
  );
}

function ratioOf({ cases }: Pick<Results, 'cases'>, name: string): number {
  const { service, limit } = cases[name] ?? {};
  const ratio = (service?.cpu ?? NaN) / (limit?.cpu ?? NaN);
  if (!Number.isFinite(ratio)) throw new Error(`The results of ${name} lack the service or the limit.`);
  return ratio;
}

/** For people, the worst first. */
export function comparisonTable(comparisons: readonly Comparison[]): string {
  const changeOf = ({ before, now }: Comparison) => (before === null ? 0 : now / before - 1);
  const rows = [...comparisons]
    .sort((one, other) => changeOf(other) - changeOf(one))
    .map((each) => [
      each.name,
      each.before === null ? 'new' : each.isWorse ? 'WORSE' : 'well',
      each.before?.toFixed(2) ?? '–',
      each.now.toFixed(2),
      each.before === null ? '–' : percent(changeOf(each)),
    ]);
  return align([['', '', 'CPU to limit before', 'now', 'change'], ...rows]);
}

function percent(change: number): string {
  return `${change < 0 ? '−' : '+'}${Math.abs(change * 100).toFixed(0)} %`;
}
