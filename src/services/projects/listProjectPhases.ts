import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { ProjectPhase } from '../../models/project-phase.ts';
import { attachedPhases } from './attached-phases.ts';
import { getProject } from './getProject.ts';

const phasesOf = preparePages<Schema<'ProjectPhase'>, { projectId: string }>(
  ProjectPhase,
  {
    direction: 'asc',
    columns: [{ column: 'phases.name', as: 'phase_name' }, 'project_phases.phase_id'],
  },
  ({ projectId }, database) => attachedPhases(database, projectId),
);

export async function listProjectPhases(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectPhase'>>> {
  const found = await phasesOf(context.database, { projectId }, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
