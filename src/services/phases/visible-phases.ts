import type { Database } from '../../core/database.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { accessibleProjectIds } from '../projects/visible-projects.ts';

/** Phases are for everyone to see, their projects only for who can access them. */
export function visiblePhases(database: Database, caller: Schema<'User'>) {
  const projects = database('project_phases')
    .select('project_id')
    .where('phase_id', database.ref('phases.id'))
    .orderBy('project_id')
    .limit(10_000);
  if (!caller.is_platform_admin) {
    void projects.whereIn('project_id', accessibleProjectIds(database, caller));
  }
  return Phase.query(database)
    .select(...Phase.columns, database.raw('array(?) as project_ids', [projects]))
    .castTo<Schema<'Phase'>[]>();
}

export function noSuchPhase() {
  return notFound('There is no such phase.');
}
