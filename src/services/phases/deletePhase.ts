import type { Context } from '../../core/context.ts';
import { Phase } from '../../models/phase.ts';
import { lockPhaseGraph } from './phase-graph.ts';
import { noSuchPhase } from './visible-phases.ts';

/** Takes its dependencies, and its place in every project, with it. */
export async function deletePhase({ database }: Context, id: string): Promise<void> {
  await database.transaction(async (transaction) => {
    // Whoever adds a dependency takes the graph first and the phases after it: any other order could deadlock.
    await lockPhaseGraph(transaction);
    const deleted = await Phase.query(transaction).deleteById(id);
    if (deleted === 0) throw noSuchPhase();
  });
}
