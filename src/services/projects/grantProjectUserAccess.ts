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
  name: 'grant-project-user-access',
  text: `with access as (
           insert into project_user_access as present (id, project_id, user_id, role) values ($1, $2, $3, $4)
           on conflict (project_id, user_id) do update set role = present.role
           returning id, project_id, user_id, role, granted_at)
         select access.*, u.email, u.display_name, u.avatar_url from access join users u on u.id = access.user_id`,
};

/** Granting again changes nothing, not even the role. */
export async function grantProjectUserAccess(
  context: Context,
  projectId: string,
  { user_id, role }: Schema<'GrantProjectUserAccessRequest'>,
): Promise<{ access: Schema<'ProjectUserAccess'>; isNew: boolean }> {
  return inTransaction(context, async (context) => {
    const id = newId();
    const values = [id, projectId, user_id, role];
    const [access] = await runStatement<Schema<'ProjectUserAccess'>>(context.database, grant, values).catch(
      onConstraint({
        project_user_access_project_id_fkey: noSuchProject,
        project_user_access_user_id_fkey: () => unknownReference('user'),
      }),
    );
    if (!access) throw noSuchProject();
    const isNew = access.id === id;
    if (isNew) {
      const details = { project_id: access.project_id, role: access.role };
      await recordEvent(context, 'project_access.granted', access.user_id, details);
    }
    return { access, isNew };
  });
}
