import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { noSuchPhase, visiblePhases } from './visible-phases.ts';

export async function getPhase(
  { database }: Context,
  caller: Schema<'User'>,
  id: string,
): Promise<Schema<'Phase'>> {
  const [phase] = await visiblePhases(database, caller).where({ id });
  return phase ?? Promise.reject(noSuchPhase());
}
