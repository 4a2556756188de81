import type { Database } from '../../core/database.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';

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
  const reachable = await PhaseDependency.query(transaction)
    .withRecursive('reachable', (query) =>
      query
        .select(transaction.raw('?::uuid as id', [dependsOnId]))
        .union((next) =>
          next
            .from('phase_dependencies')
            .join('reachable', 'reachable.id', 'phase_id')
            .select('depends_on_id'),
        ),
    )
    .whereIn('phase_id', transaction('reachable').select('id'))
    .select('phase_id', 'depends_on_id');
  const path = shortestPath(reachable, dependsOnId, phaseId);
  return path && [phaseId, ...path];
}

function shortestPath(edges: readonly PhaseDependency[], from: string, to: string): string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[from, undefined]]);
  for (const id of cameFrom.keys()) {
    if (id === to) return walkBack(cameFrom, to);
    for (const { phase_id, depends_on_id } of edges) {
      if (phase_id === id && !cameFrom.has(depends_on_id)) cameFrom.set(depends_on_id, id);
    }
  }
  return undefined;
}

function walkBack(cameFrom: ReadonlyMap<string, string | undefined>, end: string): string[] {
  const path: string[] = [];
  for (let id: string | undefined = end; id !== undefined; id = cameFrom.get(id)) path.unshift(id);
  return path;
}
