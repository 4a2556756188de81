import type { Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { getProject } from './getProject.ts';

type Path = Schema<'ProjectAccessPath'>;

/** Every way from a user to a project, as the view `project_roles` has them, and with where they lead through. */
const findPaths: Statement = {
  name: 'find-project-access-paths',
  text: `with paths (kind, role, organization_id, organization_name, membership) as (
           select 'organization', m.role, o.id, o.name, m.role
             from project_organization_access a
             join organizations o on o.id = a.organization_id
             join organization_members m on m.organization_id = o.id
            where a.project_id = $1 and m.user_id = $2
           union all
           select 'organization', 'manager', o.id, o.name, 'named_manager'
             from project_organization_access a
             join organizations o on o.id = a.organization_id
            where a.project_id = $1 and o.manager_id = $2
           union all
           select 'direct', role, null, null, null
             from project_user_access where project_id = $1 and user_id = $2
           union all
           select 'platform_admin', 'manager', null, null, null from users where id = $2 and is_platform_admin)
         select * from paths
          where exists (select from projects where id = $1)
            and exists (select from users where id = $2 and is_active)
          order by array_position(array['organization', 'direct', 'platform_admin'], kind),
                   organization_name, organization_id, membership
          limit 10000`,
};

export async function explainProjectAccess(
  context: Context,
  projectId: string,
  userId: string,
): Promise<Schema<'ProjectAccessExplanation'>> {
  const paths = await runStatement<Omit<Path, 'role_without'>>(context.database, findPaths, [
    projectId,
    userId,
  ]);
  if (paths.length === 0) await getProject(context, projectId);
  return {
    user_id: userId.toLowerCase(),
    project_id: projectId.toLowerCase(),
    role: strongest(paths),
    paths: paths.map((path) => ({
      ...path,
      role_without: strongest(paths.filter((other) => other !== path)),
    })),
  };
}

function strongest(paths: readonly Pick<Path, 'role'>[]): 'member' | 'manager' | null {
  if (paths.length === 0) return null;
  return paths.some(({ role }) => role === 'manager') ? 'manager' : 'member';
}
