import { inTransaction, type Context } from '../../core/context.ts';
import type { Database } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { forbidden, unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';
import { ProjectOrganizationAccess } from '../../models/project-organization-access.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';
import { recordEvent } from '../audit/record-event.ts';
import { refuseHalfAPlace } from './place.ts';

/** The creator becomes its manager, and the organization, if one is named, gets access at once. */
export async function createProject(
  context: Context,
  caller: Schema<'User'>,
  { organization_id, ...fields }: Schema<'CreateProjectRequest'>,
): Promise<Schema<'Project'>> {
  refuseHalfAPlace(fields);
  return inTransaction(context, async (context) => {
    const { database: transaction } = context;
    if (organization_id) await refuseUnlessManaged(transaction, caller, organization_id);
    const project = await Project.query(transaction)
      .insert(fields)
      .returning([...Project.columns])
      .catch(onConstraint({ projects_language_id_fkey: () => unknownReference('language') }));
    await ProjectUserAccess.query(transaction).insert({
      project_id: project.id,
      user_id: caller.id,
      role: 'manager',
    });
    if (organization_id) {
      await ProjectOrganizationAccess.query(transaction)
        .insert({ project_id: project.id, organization_id })
        .catch(
          onConstraint({
            project_organization_access_organization_id_fkey: () => unknownReference('organization'),
          }),
        );
    }
    await recordEvent(context, 'project.created', project.id, {
      name: project.name,
      organization_id: organization_id ?? null,
    });
    const { id: project_id } = project;
    await recordEvent(context, 'project_access.granted', caller.id, { project_id, role: 'manager' });
    if (organization_id) {
      await recordEvent(context, 'project_access.granted', organization_id, { project_id });
    }
    return project;
  });
}

async function refuseUnlessManaged(
  database: Database,
  caller: Schema<'User'>,
  organization_id: string,
): Promise<void> {
  if (caller.is_platform_admin) return;
  const managed: unknown = await database('organization_roles')
    .where({ organization_id, user_id: caller.id, role: 'manager' })
    .first('role');
  if (managed === undefined) throw forbidden('You can give new projects to organizations that you manage.');
}
