import { inTransaction, type Context } from '../../core/context.ts';
import { forbidden } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Organization } from '../../models/organization.ts';
import { recordEvent } from '../audit/record-event.ts';
import { onOrganizationConstraint } from './createOrganization.ts';
import { noSuchOrganization } from './getOrganization.ts';

type Changes = Schema<'UpdateOrganizationRequest'>;

/** @throws {Problem} 403 when anyone but a platform admin names another manager */
export async function updateOrganization(
  context: Context,
  caller: Schema<'User'>,
  id: string,
  given: Changes,
): Promise<Schema<'Organization'>> {
  return inTransaction(context, async (context) => {
    const organizations = () => Organization.query(context.database).findById(id);
    const before = await organizations()
      .select(...Organization.columns)
      .forUpdate();
    if (!before) throw noSuchOrganization();
    const changes = changesOf(before, given);
    if (changes.manager_id !== undefined && !caller.is_platform_admin) throw notTheirsToName();
    const fields = Object.keys(changes) as (keyof Changes)[];
    if (fields.length === 0) return before;

    const changed = organizations()
      .patch(changes)
      .returning([...Organization.columns])
      .first()
      .catch(onOrganizationConstraint(changes.slug ?? before.slug));
    const from = Object.fromEntries(fields.map((field) => [field, before[field]]));
    const after = (await changed) ?? before;
    await recordEvent(context, 'organization.updated', before.id, { from, to: changes });
    return after;
  });
}

/** What would be different from now, in the form in which it is kept. */
function changesOf(before: Organization, given: Changes): Changes {
  const kept = Object.entries(given).map(([field, value]) =>
    field === 'slug' || field === 'manager_id' ? [field, value?.toLowerCase() ?? null] : [field, value],
  ) as [keyof Changes, string | null][];
  return Object.fromEntries(kept.filter(([field, value]) => value !== before[field]));
}

function notTheirsToName() {
  return forbidden('Only platform admins may change who the manager of an organization is.', {
    required_roles: ['platform:admin'],
  });
}
