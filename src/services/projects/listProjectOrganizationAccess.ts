import type { Context } from '../../core/context.ts';
import { fetchPage, type Order, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { ProjectOrganizationAccess } from '../../models/project-organization-access.ts';
import { getProject } from './getProject.ts';

const byName: Order = {
  direction: 'asc',
  columns: ['organizations.name', 'project_organization_access.organization_id'],
};

export async function listProjectOrganizationAccess(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectOrganizationAccess'>>> {
  const grants = ProjectOrganizationAccess.query(context.database)
    .join('organizations', 'organizations.id', 'project_organization_access.organization_id')
    .select(...columnsOf(ProjectOrganizationAccess), 'organizations.name', 'organizations.slug')
    .where({ project_id: projectId })
    .castTo<Schema<'ProjectOrganizationAccess'>[]>();
  const found = await fetchPage(grants, byName, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
