import { inTransaction, type Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { ProjectOrganizationAccess } from '../../models/project-organization-access.ts';
import { recordEvent } from '../audit/record-event.ts';

export async function revokeProjectOrganizationAccess(
  context: Context,
  project_id: string,
  organization_id: string,
): Promise<void> {
  await inTransaction(context, async (context) => {
    const revoked = await ProjectOrganizationAccess.query(context.database)
      .delete()
      .findOne({ project_id, organization_id })
      .returning('*')
      .first();
    if (!revoked) throw notFound('This organization has no access to the project.');
    await recordEvent(context, 'project_access.revoked', revoked.organization_id, {
      project_id: revoked.project_id,
    });
  });
}
