import { inTransaction, type Context } from '../../core/context.ts';
import { runStatement, type Statement } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { recordEvent } from '../audit/record-event.ts';
import { lockUserAccess, noSuchAccess, refuseForLastManager } from './last-manager.ts';

const update: Statement = {
  name: 'update-project-user-access',
  text: `with access as (
           update project_user_access set role = $3 where project_id = $1 and user_id = $2
           returning id, project_id, user_id, role, granted_at)
         select access.*, u.email, u.display_name, u.avatar_url from access join users u on u.id = access.user_id`,
};

/** @throws {Problem} 409 LAST_MANAGER when nobody else manages the project directly */
export async function updateProjectUserAccess(
  context: Context,
  caller: Schema<'User'>,
  projectId: string,
  userId: string,
  { role }: Schema<'UpdateProjectUserAccessRequest'>,
): Promise<Schema<'ProjectUserAccess'>> {
  return inTransaction(context, async (context) => {
    const { database } = context;
    const before = await lockUserAccess(database, projectId, userId);
    if (role === 'member') await refuseForLastManager(database, caller, before);
    const values = [projectId, userId, role];
    const [access] = await runStatement<Schema<'ProjectUserAccess'>>(database, update, values);
    if (!access) throw noSuchAccess();
    if (role !== before.role) {
      await recordEvent(context, 'project_access.updated', access.user_id, {
        project_id: access.project_id,
        from: { role: before.role },
        to: { role },
      });
    }
    return access;
  });
}
