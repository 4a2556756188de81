import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { noSuchProjectPhase } from './detachProjectPhase.ts';

const update: Statement = {
  name: 'update-project-phase',
  text: `update project_phases attached set status = $3
           from phases p
          where attached.project_id = $1 and attached.phase_id = $2 and p.id = attached.phase_id
         returning attached.id, attached.phase_id, p.name as phase_name, p.description as phase_description,
                   attached.status`,
};

/** Any status may follow any other: teams work out of order. */
export async function updateProjectPhase(
  { database }: Context,
  projectId: string,
  phaseId: string,
  { status }: Schema<'UpdateProjectPhaseRequest'>,
): Promise<Schema<'ProjectPhase'>> {
  const values = [projectId, phaseId, status];
  const [phase] = await runStatement<Schema<'ProjectPhase'>>(database, update, values);
  return phase ?? Promise.reject(noSuchProjectPhase());
}
