import { inTransaction, type Context } from '../../core/context.ts';
import { OrganizationMember } from '../../models/organization-member.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchMember } from './members.ts';

export async function removeOrganizationMember(
  context: Context,
  { organization_id, user_id }: { organization_id: string; user_id: string },
): Promise<void> {
  await inTransaction(context, async (context) => {
    const removed = await OrganizationMember.query(context.database)
      .delete()
      .where({ organization_id, user_id })
      .returning('*')
      .first();
    if (!removed) throw noSuchMember();
    await recordEvent(context, 'organization_member.removed', removed.user_id, {
      organization_id: removed.organization_id,
      role: removed.role,
    });
  });
}
