import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { getPhase } from './getPhase.ts';

export async function updatePhase(
  context: Context,
  caller: Schema<'User'>,
  id: string,
  changes: Schema<'UpdatePhaseRequest'>,
): Promise<Schema<'Phase'>> {
  await Phase.query(context.database).patch(changes).where({ id });
  return getPhase(context, caller, id);
}
