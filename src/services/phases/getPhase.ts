import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { viewerOf, type Viewer } from '../users/viewer.ts';
import { noSuchPhase, visiblePhases } from './visible-phases.ts';

const phaseById = prepareQuery<Schema<'Phase'>, Viewer & { id: string }>(({ id, ...viewer }, database) =>
  visiblePhases(database, viewer).findById(id),
);

export async function getPhase(
  { database }: Context,
  caller: Schema<'User'>,
  id: string,
): Promise<Schema<'Phase'>> {
  const [phase] = await phaseById(database, { id, ...viewerOf(caller) });
  return phase ?? Promise.reject(noSuchPhase());
}
