import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unknownReference } from '../../core/errors.ts';
import { ProjectPhase } from '../../models/project-phase.ts';
import { noSuchProject } from './getProject.ts';

export async function attachProjectPhase(
  { database }: Context,
  project_id: string,
  phase_id: string,
): Promise<void> {
  await ProjectPhase.query(database)
    .insert({ project_id, phase_id })
    .catch(
      onConstraint({
        project_phases_project_id_fkey: noSuchProject,
        project_phases_phase_id_fkey: () => unknownReference('phase'),
        project_phases_phase_id_key: () =>
          conflict('PHASE_ALREADY_ATTACHED', 'The project has this phase already.'),
      }),
    );
}
