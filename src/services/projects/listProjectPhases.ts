import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { ProjectPhase } from '../../models/project-phase.ts';
import { getProject } from './getProject.ts';

export async function listProjectPhases(
  context: Context,
  projectId: string,
): Promise<Schema<'ProjectPhase'>[]> {
  const attached = await ProjectPhase.query(context.database)
    .join('phases', 'phases.id', 'project_phases.phase_id')
    .select(
      'project_phases.id',
      'phase_id',
      'phases.name as phase_name',
      'phases.description as phase_description',
      'status',
    )
    .where({ project_id: projectId })
    .orderBy(['phases.name', 'phase_id'])
    .limit(10_000);
  if (attached.length === 0) await getProject(context, projectId);
  return attached as unknown as Schema<'ProjectPhase'>[];
}
