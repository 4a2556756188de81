import type { Context } from '../../core/context.ts';
import { fetchPage, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';
import { getProject } from './getProject.ts';

export async function listProjectUserAccess(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectUserAccess'>>> {
  const grants = ProjectUserAccess.query(context.database)
    .join('users', 'users.id', 'project_user_access.user_id')
    .select(...columnsOf(ProjectUserAccess), 'users.email', 'users.display_name', 'users.avatar_url')
    .where({ project_id: projectId })
    .castTo<Schema<'ProjectUserAccess'>[]>();
  const found = await fetchPage(grants, { direction: 'asc', columns: ['users.email'] }, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
