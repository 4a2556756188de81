import { inTransaction, type Context } from '../../core/context.ts';
import { Project } from '../../models/project.ts';
import { recordEvent } from '../audit/record-event.ts';
import { noSuchProject } from './getProject.ts';

/** Takes all access to it, and its phases, with it. */
export async function deleteProject(context: Context, id: string): Promise<void> {
  await inTransaction(context, async (context) => {
    const project = await Project.query(context.database)
      .delete()
      .findById(id)
      .returning(['id', 'name'])
      .first();
    if (!project) throw noSuchProject();
    await recordEvent(context, 'project.deleted', project.id, { name: project.name });
  });
}
