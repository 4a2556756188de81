import { inTransaction, type Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { ProjectUserAccess } from '../../models/project-user-access.ts';
import { recordEvent } from '../audit/record-event.ts';
import { lockUserAccess, noSuchAccess, refuseForLastManager } from './last-manager.ts';

/** @throws {Problem} 409 LAST_MANAGER when nobody else manages the project directly */
export async function revokeProjectUserAccess(
  context: Context,
  caller: Schema<'User'>,
  projectId: string,
  userId: string,
): Promise<void> {
  await inTransaction(context, async (context) => {
    const { database } = context;
    const access = await lockUserAccess(database, projectId, userId);
    await refuseForLastManager(database, caller, access);
    const revoked = await ProjectUserAccess.query(database).deleteById(access.id);
    // Whoever deletes the user's account takes the grant along without asking for the project.
    if (revoked === 0) throw noSuchAccess();
    const { project_id, user_id, role } = access;
    await recordEvent(context, 'project_access.revoked', user_id, { project_id, role });
  });
}
