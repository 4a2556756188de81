import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { ProjectOrganizationAccess } from '../../models/project-organization-access.ts';
import { getProject } from './getProject.ts';

const grantsOf = preparePages<Schema<'ProjectOrganizationAccess'>, { project_id: string }>(
  ProjectOrganizationAccess,
  { direction: 'asc', columns: ['organizations.name', 'project_organization_access.organization_id'] },
  (which, database) =>
    ProjectOrganizationAccess.query(database)
      .join('organizations', 'organizations.id', 'project_organization_access.organization_id')
      .select(...columnsOf(ProjectOrganizationAccess), 'organizations.name', 'organizations.slug')
      .where(which),
);

export async function listProjectOrganizationAccess(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectOrganizationAccess'>>> {
  const found = await grantsOf(context.database, { project_id: projectId }, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
