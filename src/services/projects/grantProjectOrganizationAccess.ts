import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { unknownReference } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchProject } from './getProject.ts';

/** Answers the one grant, whether it is new or was there. */
const grant: Statement = {
  name: 'grant-project-organization-access',
  text: `with access as (
           insert into project_organization_access as present (id, project_id, organization_id) values ($1, $2, $3)
           on conflict (project_id, organization_id) do update set granted_at = present.granted_at
           returning id, project_id, organization_id, granted_at)
         select access.*, o.name, o.slug from access join organizations o on o.id = access.organization_id`,
};

/** Granting again changes nothing. */
export async function grantProjectOrganizationAccess(
  context: Context,
  projectId: string,
  { organization_id }: Schema<'GrantProjectOrganizationAccessRequest'>,
): Promise<{ access: Schema<'ProjectOrganizationAccess'>; isNew: boolean }> {
  return inTransaction(context, async (context) => {
    const id = newId();
    const values = [id, projectId, organization_id];
    const [access] = await runStatement<Schema<'ProjectOrganizationAccess'>>(
      context.database,
      grant,
      values,
    ).catch(
      onConstraint({
        project_organization_access_project_id_fkey: noSuchProject,
        project_organization_access_organization_id_fkey: () => unknownReference('organization'),
      }),
    );
    if (!access) throw noSuchProject();
    const isNew = access.id === id;
    if (isNew) {
      const details = { project_id: access.project_id };
      await recordEvent(context, 'project_access.granted', access.organization_id, details);
    }
    return { access, isNew };
  });
}
