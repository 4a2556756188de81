import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';
import { noSuchPhase } from './visible-phases.ts';

/** In the order in which they were added: ids ascend with time. */
export async function listPhaseDependencies(
  { database }: Context,
  phase_id: string,
  page: PageRequest,
): Promise<Page<Schema<'PhaseDependency'>>> {
  const dependencies = PhaseDependency.query(database)
    .select(...PhaseDependency.columns)
    .where({ phase_id });
  const found = await fetchPage(dependencies, { direction: 'asc', columns: ['id'] }, page);
  if (found.items.length === 0 && !(await Phase.query(database).findById(phase_id))) throw noSuchPhase();
  return found;
}
