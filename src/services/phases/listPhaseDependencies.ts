import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { PhaseDependency } from '../../models/phase-dependency.ts';
import { noSuchPhase } from './visible-phases.ts';

const dependenciesOf = preparePages<Schema<'PhaseDependency'>, { phase_id: string }>(
  PhaseDependency,
  // In the order in which they were added: ids ascend with time.
  { direction: 'asc', columns: ['id'] },
  (which, database) =>
    PhaseDependency.query(database)
      .select(...PhaseDependency.columns)
      .where(which),
);

const phaseById = prepareQuery<{ id: string }, { id: string }>(({ id }, database) =>
  Phase.query(database).select('id').findById(id),
);

export async function listPhaseDependencies(
  { database }: Context,
  phase_id: string,
  page: PageRequest,
): Promise<Page<Schema<'PhaseDependency'>>> {
  const found = await dependenciesOf(database, { phase_id }, page);
  if (found.items.length === 0 && (await phaseById(database, { id: phase_id })).length === 0)
    throw noSuchPhase();
  return found;
}
