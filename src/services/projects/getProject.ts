import type { Context } from '../../core/context.ts';
import { notFound } from '../../core/errors.ts';
import { prepareQuery } from '../../core/prepared-query.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';

const projectById = prepareQuery<Schema<'Project'>, { id: string }>(({ id }, database) =>
  Project.query(database)
    .select(...Project.columns)
    .findById(id),
);

export async function getProject({ database }: Context, id: string): Promise<Schema<'Project'>> {
  const [project] = await projectById(database, { id });
  return project ?? Promise.reject(noSuchProject());
}

export function noSuchProject() {
  return notFound('There is no such project.');
}
