import type { Database } from '../../core/database.ts';
import { notFound } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { columnsOf } from '../../models/base-model.ts';
import { OrganizationMember } from '../../models/organization-member.ts';

/** Memberships with what they show of the user. */
export function shownMembers(database: Database) {
  return OrganizationMember.query(database)
    .join('users', 'users.id', 'organization_members.user_id')
    .select(...columnsOf(OrganizationMember), 'users.email', 'users.display_name')
    .castTo<Schema<'OrganizationMember'>[]>();
}

export function noSuchMember() {
  return notFound('The user is not a member of this organization.');
}
