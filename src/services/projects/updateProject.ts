import type { Context } from '../../core/context.ts';
import { onConstraint } from '../../core/database-errors.ts';
import { unknownReference } from '../../core/errors.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';
import { noSuchProject } from './getProject.ts';
import { refuseHalfAPlace } from './place.ts';

export async function updateProject(
  { database }: Context,
  id: string,
  changes: Schema<'UpdateProjectRequest'>,
): Promise<Schema<'Project'>> {
  refuseHalfAPlace(changes);
  const project = await Project.query(database)
    .patch(changes)
    .findById(id)
    .returning([...Project.columns])
    .first()
    .catch(onConstraint({ projects_language_id_fkey: () => unknownReference('language') }));
  return project ?? Promise.reject(noSuchProject());
}
