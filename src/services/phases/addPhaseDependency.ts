import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';
import { findCycle, lockPhaseGraph } from './phase-graph.ts';
import { noSuchPhase } from './visible-phases.ts';

/** @throws {Problem} 409 PHASE_CYCLE when phases would wait for each other */
export async function addPhaseDependency(
  { database }: Context,
  phase_id: string,
  { depends_on_id }: Schema<'AddPhaseDependencyRequest'>,
): Promise<Schema<'PhaseDependency'>> {
  return database.transaction(async (transaction) => {
    await lockPhaseGraph(transaction);
    if (!(await Phase.query(transaction).findById(phase_id))) throw noSuchPhase();
    const cycle = await findCycle(transaction, phase_id, depends_on_id);
    if (cycle)
      throw conflict(
        'PHASE_CYCLE',
        'These phases would wait for each other. Please remove a dependency along the cycle first.',
        { cycle },
      );
    return PhaseDependency.query(transaction)
      .insert({ phase_id, depends_on_id })
      .catch(
        onConstraint({
          phase_dependencies_phase_id_fkey: noSuchPhase,
          phase_dependencies_depends_on_id_fkey: () => unknownReference('phase'),
          phase_dependencies_depends_on_id_key: () =>
            conflict('DEPENDENCY_EXISTS', 'The phase depends on that one already.'),
        }),
      );
  });
}
