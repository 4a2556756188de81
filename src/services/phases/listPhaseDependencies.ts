import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';
import { noSuchPhase } from './visible-phases.ts';

/** In the order in which they were added: ids ascend with time. */
export async function listPhaseDependencies(
  { database }: Context,
  phase_id: string,
): Promise<Schema<'PhaseDependency'>[]> {
  const dependencies = await PhaseDependency.query(database).where({ phase_id }).orderBy('id').limit(10_000);
  if (dependencies.length === 0 && !(await Phase.query(database).findById(phase_id))) throw noSuchPhase();
  return dependencies;
}
