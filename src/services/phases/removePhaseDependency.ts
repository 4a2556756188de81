import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';

export async function removePhaseDependency(
  { database }: Context,
  phase_id: string,
  depends_on_id: string,
): Promise<void> {
  const removed = await PhaseDependency.query(database).delete().where({ phase_id, depends_on_id });
  if (removed === 0) throw notFound('The phase does not depend on that one.');
}
