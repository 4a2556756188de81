import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { ProjectPhase } from '../../models/project-phase.ts';

export async function detachProjectPhase(
  { database }: Context,
  project_id: string,
  phase_id: string,
): Promise<void> {
  const detached = await ProjectPhase.query(database).delete().where({ project_id, phase_id });
  if (detached === 0) throw noSuchProjectPhase();
}

export function noSuchProjectPhase() {
  return notFound('The project does not have this phase.');
}
