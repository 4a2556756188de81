import type { Database } from '../../core/database.ts';
import type { Schema } from '../../core/schema.ts';
import { Project } from '../../models/project.ts';

/** The projects that the user can access, each once; a platform admin can access all. */
export function visibleProjects(database: Database, user: Schema<'User'>) {
  const projects = Project.query(database).select(...Project.columns);
  return user.is_platform_admin ? projects : projects.whereIn('id', accessibleProjectIds(database, user));
}

/** The projects that the user has a role in, whatever else they are. */
export function accessibleProjectIds(database: Database, user: Schema<'User'>) {
  return database('project_roles').select('project_id').where('user_id', user.id);
}
