import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { forbidden } from '../../core/errors.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { visiblePhases } from './visible-phases.ts';

/** @throws {Problem} 403 when filtering by a project that the caller can't access */
export async function listPhases(
  { database }: Context,
  caller: Schema<'User'>,
  { project_id, ...page }: { project_id?: string } & PageRequest,
): Promise<Page<Schema<'Phase'>>> {
  const phases = visiblePhases(database, caller);
  if (project_id !== undefined) {
    await refuseStrangers(database, caller, project_id);
    void phases.whereIn('id', database('project_phases').select('phase_id').where({ project_id }));
  }
  return fetchPage(phases, { direction: 'asc', columns: ['name', 'id'] }, page);
}

async function refuseStrangers(
  database: Database,
  caller: Schema<'User'>,
  project_id: string,
): Promise<void> {
  if (caller.is_platform_admin) return;
  const role: unknown = await database('project_roles')
    .where({ project_id, user_id: caller.id })
    .first('role');
  if (role === undefined) throw forbidden('You can list the phases of projects that you have access to.');
}
