import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';

export async function createPhase(
  { database }: Context,
  phase: Schema<'CreatePhaseRequest'>,
): Promise<Schema<'Phase'>> {
  const created = await Phase.query(database)
    .insert(phase)
    .returning([...Phase.columns]);
  return { ...created, project_ids: [] };
}
