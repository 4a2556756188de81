import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { conflict, unknownReference } from '../../core/errors.ts';
import { newId } from '../../core/ids.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchOrganization } from './getOrganization.ts';

const addMember: Statement = {
  name: 'add-organization-member',
  text: `with member as (
           insert into organization_members (id, organization_id, user_id, role) values ($1, $2, $3, $4)
           returning id, user_id, organization_id, role, joined_at)
         select member.*, u.email, u.display_name from member join users u on u.id = member.user_id`,
};

export async function addOrganizationMember(
  context: Context,
  organizationId: string,
  { user_id, role }: Schema<'AddOrganizationMemberRequest'>,
): Promise<Schema<'OrganizationMember'>> {
  return inTransaction(context, async (context) => {
    const values = [newId(), organizationId, user_id, role];
    const [member] = await runStatement<Schema<'OrganizationMember'>>(
      context.database,
      addMember,
      values,
    ).catch(
      onConstraint({
        organization_members_organization_id_fkey: noSuchOrganization,
        organization_members_user_id_fkey: () => unknownReference('user'),
        organization_members_user_id_key: () =>
          conflict('ALREADY_MEMBER', 'This user is a member of the organization already.'),
      }),
    );
    if (!member) throw noSuchOrganization();
    await recordEvent(context, 'organization_member.added', member.user_id, {
      organization_id: member.organization_id,
      role,
    });
    return member;
  });
}
