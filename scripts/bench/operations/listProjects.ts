import { writeList } from '../json.ts';
import { defineOperation, type Person } from '../operation.ts';
import { projectColumns, writeProject, type ProjectRow } from './project-row.ts';

const listAll = {
  name: 'list-projects',
  text: `select ${projectColumns} from projects order by name asc, id asc limit $1`,
};

const listVisible = {
  name: 'list-visible-projects',
  text: `select ${projectColumns} from projects where id in (select project_id from project_roles where user_id = $1)
          order by name asc, id asc limit $2`,
};

const as = (person: Person) => ({
  as: person,
  query: { limit: '50' },
  isExpected: ({ length }: ProjectRow[]) => length === 50,
});

export const listProjects = defineOperation<ProjectRow[]>({
  id: 'listProjects',
  cases: {
    projects: ({ member }) => as(member),
    'projects-admin': ({ admin }) => as(admin),
  },
  work: async ({ user, query }, client) => {
    const limit = Number(query['limit']);
    const { rows } = user?.is_platform_admin
      ? await client.query<ProjectRow>(listAll, [limit + 1])
      : await client.query<ProjectRow>(listVisible, [user?.id, limit + 1]);
    return rows.slice(0, limit);
  },
  answer: (rows) => rows,
  write: (rows) => writeList(rows, writeProject),
});
