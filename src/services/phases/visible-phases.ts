import type { Database } from '../../core/database.ts';
import { notFound } from '../../core/errors.ts';
import { Phase } from '../../models/phase.ts';
import { accessibleProjectIds } from '../projects/accessible-projects.ts';
import type { Viewer } from '../users/viewer.ts';

/** Phases are for everyone to see, their projects only for who can access them. */
export function visiblePhases(database: Database, { viewer, sees_all }: Viewer) {
  const projects = database('project_phases')
    .select('project_id')
    .where('phase_id', database.ref('phases.id'))
    .orderBy('project_id')
    .limit(10_000);
  // As an array they are found out once, and looked up for each phase; as a subquery they would be joined with each again.
  if (sees_all === undefined)
    void projects.whereRaw('project_id = any(array(?))', [accessibleProjectIds(database, viewer)]);
  return Phase.query(database).select(...Phase.columns, database.raw('array(?) as project_ids', [projects]));
}

export function noSuchPhase() {
  return notFound('There is no such phase.');
}
