import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { forbidden } from '../../core/errors.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Phase } from '../../models/phase.ts';
import { viewerOf, type Viewer } from '../users/viewer.ts';
import { visiblePhases } from './visible-phases.ts';

const phasesOf = preparePages<Schema<'Phase'>, Viewer & { project_id: string | undefined }>(
  Phase,
  { direction: 'asc', columns: ['name', 'id'] },
  ({ project_id, ...viewer }, database) => {
    const phases = visiblePhases(database, viewer);
    return project_id === undefined
      ? phases
      : phases.whereIn('id', database('project_phases').select('phase_id').where({ project_id }));
  },
);

/** @throws {Problem} 403 when filtering by a project that the caller can't access */
export async function listPhases(
  { database }: Context,
  caller: Schema<'User'>,
  { project_id, ...page }: { project_id?: string } & PageRequest,
): Promise<Page<Schema<'Phase'>>> {
  if (project_id !== undefined) await refuseStrangers(database, caller, project_id);
  return phasesOf(database, { ...viewerOf(caller), project_id }, page);
}

const rolesIn = prepareQuery<{ role: string }, { project_id: string; user_id: string }>((where, database) =>
  database('project_roles').select('role').where(where).limit(1),
);

async function refuseStrangers(
  database: Database,
  caller: Schema<'User'>,
  project_id: string,
): Promise<void> {
  if (caller.is_platform_admin) return;
  const roles = await rolesIn(database, { project_id, user_id: caller.id });
  if (roles.length === 0) throw forbidden('You can list the phases of projects that you have access to.');
}
