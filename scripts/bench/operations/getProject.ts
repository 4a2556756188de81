import { projectColumns, writeProject, type ProjectRow } from './project-row.ts';
import { defineOperation } from '../operation.ts';

const find = {
  name: 'get-project',
  text: `select ${projectColumns} from projects where id = $1`,
};

export const getProject = defineOperation<ProjectRow>({
  id: 'getProject',
  cases: {
    project: ({ member, projectId }) => ({
      as: member,
      path: { project_id: projectId },
      isExpected: ({ id }: ProjectRow) => id === projectId,
    }),
  },
  work: async ({ path }, client) => {
    const { rows } = await client.query<ProjectRow>(find, [path['project_id']]);
    const [row] = rows;
    if (!row) throw new TypeError('There is no such project.');
    return row;
  },
  answer: (row) => row,
  write: writeProject,
});
