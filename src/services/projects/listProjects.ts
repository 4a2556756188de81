import type { Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { forbidden } from '../../core/errors.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';
import { viewerOf, type Viewer } from '../users/viewer.ts';
import { accessibleProjectIds } from './accessible-projects.ts';

interface Filter {
  readonly language_id?: string;
  readonly organization_id?: string;
}

const projectsOf = preparePages<Schema<'Project'>, Filter & Viewer>(
  Project,
  { direction: 'asc', columns: ['name', 'id'] },
  ({ viewer, sees_all, language_id, organization_id }, database) => {
    const projects = Project.query(database).select(...Project.columns);
    if (sees_all === undefined) void projects.whereIn('id', accessibleProjectIds(database, viewer));
    if (language_id !== undefined) void projects.where({ language_id });
    if (organization_id !== undefined)
      void projects.whereIn(
        'id',
        database('project_organization_access').select('project_id').where({ organization_id }),
      );
    return projects;
  },
);

/** @throws {Problem} 403 when filtering by an organization that the caller does not belong to */
export async function listProjects(
  { database }: Context,
  caller: Schema<'User'>,
  { limit, cursor, ...filter }: Filter & PageRequest,
): Promise<Page<Schema<'Project'>>> {
  const { organization_id } = filter;
  if (organization_id !== undefined) await refuseStrangers(database, caller, organization_id);
  return projectsOf(database, { ...filter, ...viewerOf(caller) }, { limit, cursor });
}

const rolesIn = prepareQuery<{ role: string }, { organization_id: string; user_id: string }>(
  (where, database) => database('organization_roles').select('role').where(where).limit(1),
);

async function refuseStrangers(
  database: Database,
  caller: Schema<'User'>,
  organization_id: string,
): Promise<void> {
  if (caller.is_platform_admin) return;
  const roles = await rolesIn(database, { organization_id, user_id: caller.id });
  if (roles.length === 0) throw forbidden('You can list the projects of organizations that you belong to.');
}
