import type { Context } from '../../core/context.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';
import { noSuchProject } from './getProject.ts';
import { refuseHalfAPlace } from './place.ts';

export async function updateProjectLocation(
  { database }: Context,
  id: string,
  location: Schema<'UpdateProjectLocationRequest'>,
): Promise<Schema<'Project'>> {
  refuseHalfAPlace(location);
  const project = await Project.query(database)
    .patch(location)
    .findById(id)
    .returning([...Project.columns])
    .first();
  return project ?? Promise.reject(noSuchProject());
}
