import type { Context } from '../../core/context.ts';
import { preparePages, type Page, type PageRequest } from '../../core/paging.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';
import { getProject } from './getProject.ts';

const grantsOf = preparePages<Schema<'ProjectUserAccess'>, { project_id: string }>(
  ProjectUserAccess,
  { direction: 'asc', columns: ['users.email'] },
  (which, database) =>
    ProjectUserAccess.query(database)
      .join('users', 'users.id', 'project_user_access.user_id')
      .select(...columnsOf(ProjectUserAccess), 'users.email', 'users.display_name', 'users.avatar_url')
      .where(which),
);

export async function listProjectUserAccess(
  context: Context,
  projectId: string,
  page: PageRequest,
): Promise<Page<Schema<'ProjectUserAccess'>>> {
  const found = await grantsOf(context.database, { project_id: projectId }, page);
  if (found.items.length === 0) await getProject(context, projectId);
  return found;
}
