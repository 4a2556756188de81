import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { viewerOf, type Viewer } from '../users/viewer.ts';
import { directDependencies } from './direct-dependencies.ts';
import { visiblePhases } from './visible-phases.ts';

type Row = Schema<'Phase'> & { depends_on_ids: string[] };

/** One query, so that phases and dependencies are of the same moment. */
const phasesOf = prepareQuery<Row, Viewer>((viewer, database) =>
  visiblePhases(database, viewer)
    .select(database.raw('array(?) as depends_on_ids', [directDependencies(database, 'phases.id')]))
    .orderBy(['name', 'id'])
    .limit(10_000),
);

export async function listPhasesWithDependencies(
  { database }: Context,
  caller: Schema<'User'>,
): Promise<Schema<'PhasesWithDependencies'>> {
  const rows = await phasesOf(database, viewerOf(caller));
  return {
    phases: rows.map(({ depends_on_ids: _, ...phase }) => phase),
    dependencies: Object.fromEntries(rows.map(({ id, depends_on_ids }) => [id, depends_on_ids])),
  };
}
