import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { forbidden } from '../../core/errors.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { visibleProjects } from './visible-projects.ts';

interface Filter extends PageRequest {
  readonly language_id?: string;
  readonly organization_id?: string;
}

/** @throws {Problem} 403 when filtering by an organization that the caller does not belong to */
export async function listProjects(
  { database }: Context,
  caller: Schema<'User'>,
  { language_id, organization_id, ...page }: Filter,
): Promise<Page<Schema<'Project'>>> {
  const projects = visibleProjects(database, caller);
  if (language_id !== undefined) void projects.where({ language_id });
  if (organization_id !== undefined) {
    await refuseStrangers(database, caller, organization_id);
    void projects.whereIn(
      'id',
      database('project_organization_access').select('project_id').where({ organization_id }),
    );
  }
  return fetchPage(projects, { direction: 'asc', columns: ['name', 'id'] }, page);
}

async function refuseStrangers(
  database: Database,
  caller: Schema<'User'>,
  organization_id: string,
): Promise<void> {
  if (caller.is_platform_admin) return;
  const role: unknown = await database('organization_roles')
    .where({ organization_id, user_id: caller.id })
    .first('role');
  if (role === undefined) throw forbidden('You can list the projects of organizations that you belong to.');
}
