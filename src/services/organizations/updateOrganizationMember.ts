import { inTransaction, type Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { OrganizationMember } from '../../models/organization-member.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchMember, shownMembers } from './members.ts';

export async function updateOrganizationMember(
  context: Context,
  { organization_id, user_id }: { organization_id: string; user_id: string },
  { role }: Schema<'UpdateOrganizationMemberRequest'>,
): Promise<Schema<'OrganizationMember'>> {
  return inTransaction(context, async (context) => {
    const { database } = context;
    const before = await OrganizationMember.query(database).findOne({ organization_id, user_id }).forUpdate();
    if (!before) throw noSuchMember();
    if (role !== before.role) {
      await OrganizationMember.query(database).patch({ role }).findById(before.id);
      await recordEvent(context, 'organization_member.updated', before.user_id, {
        organization_id: before.organization_id,
        from: { role: before.role },
        to: { role },
      });
    }
    const [after] = await shownMembers(database).where({ organization_id, user_id });
    return after ?? Promise.reject(noSuchMember());
  });
}
