import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';

export async function listMyProjectRoles(
  { database }: Context,
  { id, is_platform_admin }: Schema<'User'>,
): Promise<Schema<'MyProjectRoles'>> {
  const roles = await database('project_roles')
    .select(
      'project_id',
      database.raw(`case when bool_or(role = 'manager') then 'manager' else 'member' end as role`),
    )
    .where({ user_id: id })
    .groupBy('project_id')
    .orderBy('project_id')
    .limit(10_000)
    .then((rows: { project_id: string; role: 'member' | 'manager' }[]) => rows);
  return {
    is_platform_admin,
    project_roles: Object.fromEntries(roles.map(({ project_id, role }) => [project_id, role])),
  };
}
