import type { Database } from '../../core/database.ts';
import { ProjectPhase } from '../../models/project-phase.ts';

/** The phases of a project, with what is the same for every project that has them. */
export function attachedPhases(database: Database, project_id: string) {
  return ProjectPhase.query(database)
    .join('phases', 'phases.id', 'project_phases.phase_id')
    .select(
      'project_phases.id',
      'project_phases.phase_id',
      'phases.name as phase_name',
      'phases.description as phase_description',
      'project_phases.status',
    )
    .where({ project_id });
}
