import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';

export async function createPhase(
  { database }: Context,
  phase: Schema<'CreatePhaseRequest'>,
): Promise<Schema<'Phase'>> {
  const { id, name, description, created_at, updated_at } = await Phase.query(database)
    .insert(phase)
    .returning([...Phase.columns]);
  return { id, name, description, created_at, updated_at, project_ids: [] };
}
