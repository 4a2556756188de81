import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { directDependencies } from '../phases/direct-dependencies.ts';
import { attachedPhases } from './attached-phases.ts';
import { getProject } from './getProject.ts';

type Row = Schema<'ProjectPhase'> & { depends_on_ids: string[]; blocked_by: string[] };

/** One query, so that phases and dependencies are of the same moment. */
const phasesOf = prepareQuery<Row, { projectId: string }>(({ projectId }, database) => {
  const dependsOn = directDependencies(database, 'project_phases.phase_id');
  return attachedPhases(database, projectId)
    .select(
      database.raw('array(?) as depends_on_ids', [dependsOn]),
      database.raw('array(?) as blocked_by', [dependsOn.clone().whereExists(unfinished(database))]),
    )
    .orderBy(['phases.name', 'project_phases.phase_id'])
    .limit(10_000);
});

export async function listProjectPhasesWithDependencies(
  context: Context,
  projectId: string,
): Promise<Schema<'ProjectPhasesWithDependencies'>> {
  const rows = await phasesOf(context.database, { projectId });
  if (rows.length === 0) await getProject(context, projectId);
  return {
    phases: rows.map(({ depends_on_ids: _, ...phase }) => ({
      ...phase,
      ready: phase.blocked_by.length === 0,
    })),
    dependencies: Object.fromEntries(rows.map(({ phase_id, depends_on_ids }) => [phase_id, depends_on_ids])),
  };
}

/** The awaited phase as part of the same project, which has not completed it. */
function unfinished(database: Database) {
  return database('project_phases as awaited')
    .select(database.raw('1'))
    .where({
      'awaited.project_id': database.ref('project_phases.project_id'),
      'awaited.phase_id': database.ref('phase_dependencies.depends_on_id'),
    })
    .whereNot('awaited.status', 'completed');
}
