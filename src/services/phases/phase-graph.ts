import { runStatement, type Database, type Statement } from '../../core/database.ts';

interface Waiting {
  readonly phase_id: string;
  readonly depends_on_ids: readonly string[];
}

/** Everything that a phase waits for, directly or not, is found in one round trip. */
const waitingBehind: Statement = {
  name: 'waiting-behind-phase',
  text: `with recursive reachable (id) as (
           select $1::uuid
           union
           select depends_on_id from phase_dependencies join reachable on phase_id = reachable.id)
         select phase_id, array_agg(depends_on_id order by depends_on_id) as depends_on_ids
           from phase_dependencies join reachable on phase_id = reachable.id
          group by phase_id`,
};

/** Lets one transaction at a time change which phase depends on which: two edges may close a cycle only together. */
export async function lockPhaseGraph(transaction: Database): Promise<void> {
  await transaction.raw('lock table phase_dependencies in share row exclusive mode');
}

/**
 * The cycle that the new dependency would close, as a path of ids from the phase back to itself.
 * @param transaction holds the lock of the phase graph
 */
export async function findCycle(
  transaction: Database,
  phaseId: string,
  dependsOnId: string,
): Promise<string[] | undefined> {
  const rows = await runStatement<Waiting>(transaction, waitingBehind, [dependsOnId]);
  const graph = new Map(rows.map(({ phase_id, depends_on_ids }) => [phase_id, depends_on_ids]));
  const path = shortestPath(graph, dependsOnId, phaseId);
  return path && [phaseId, ...path];
}

function shortestPath(
  graph: ReadonlyMap<string, readonly string[]>,
  from: string,
  to: string,
): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const id of cameFrom.keys()) {
    if (id === to) return walkBack(cameFrom, to);
    for (const next of graph.get(id) ?? []) {
      if (!cameFrom.has(next)) cameFrom.set(next, id);
    }
  }
  return undefined;
}

function walkBack(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const path: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) path.unshift(id);
  return path;
}
