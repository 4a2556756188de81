import type { Context } from '../../core/context.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';

interface Row {
  readonly project_id: string;
  readonly role: 'member' | 'manager';
}

const rolesOf = prepareQuery<Row, { user_id: string }>((whose, database) =>
  database('project_roles')
    .select(
      'project_id',
      database.raw(`case when bool_or(role = 'manager') then 'manager' else 'member' end as role`),
    )
    .where(whose)
    .groupBy('project_id')
    .orderBy('project_id')
    .limit(10_000),
);

export async function listMyProjectRoles(
  { database }: Context,
  { id, is_platform_admin }: Schema<'User'>,
): Promise<Schema<'MyProjectRoles'>> {
  const roles = await rolesOf(database, { user_id: id });
  return {
    is_platform_admin,
    project_roles: Object.fromEntries(roles.map(({ project_id, role }) => [project_id, role])),
  };
}
