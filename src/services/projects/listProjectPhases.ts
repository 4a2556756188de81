import type { Context } from '../../core/context.ts';
import { fetchPage, type Order, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { attachedPhases } from './attached-phases.ts';
import { getProject } from './getProject.ts';

const byName: Order = {
  direction: 'asc',
  columns: [{ column: 'phases.name', as: 'phase_name' }, 'project_phases.phase_id'],
};

export async function listProjectPhases(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectPhase'>>> {
  const found = await fetchPage(attachedPhases(context.database, projectId), byName, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
