import { inTransaction, type Context } from '../../core/context.ts';
import { Organization } from '../../models/organization.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchOrganization } from './getOrganization.ts';

/** Its memberships and its access to projects go with it. */
export async function deleteOrganization(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (context) => {
    const deleted = await Organization.query(context.database)
      .deleteById(id)
      .returning(['id', 'name', 'slug'])
      .first();
    if (!deleted) throw noSuchOrganization();
    const { name, slug } = deleted;
    await recordEvent(context, 'organization.deleted', deleted.id, { name, slug });
  });
}
