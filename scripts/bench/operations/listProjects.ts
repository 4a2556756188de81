import type { ClientBase } from 'pg';
import { quote, writeList } from '../json.ts';
import { defineOperation, type Person } from '../operation.ts';

const columns =
  'id, name, description, language_id, latitude, longitude, location_display_name, created_at, updated_at';

const listAll = {
  name: 'list-projects',
  text: `select ${columns} from projects order by name asc, id asc limit $1`,
};

const listVisible = {
  name: 'list-visible-projects',
  text: `select ${columns} from projects where id in (select project_id from project_roles where user_id = $1)
          order by name asc, id asc limit $2`,
};

interface Row {
  id: string;
  name: string;
  description: string | null;
  language_id: string;
  latitude: number | null;
  longitude: number | null;
  location_display_name: string | null;
  created_at: string;
  updated_at: string;
}

const as = (person: Person) => ({
  as: person,
  query: { limit: '50' },
  isExpected: ({ length }: Row[]) => length === 50,
});

export const listProjects = defineOperation<Row[]>({
  id: 'listProjects',
  cases: {
    projects: ({ member }) => as(member),
    'projects-admin': ({ admin }) => as(admin),
  },
  work: async ({ user, query }, client: ClientBase) => {
    const limit = Number(query['limit']);
    const { rows } = user?.is_platform_admin
      ? await client.query<Row>(listAll, [limit + 1])
      : await client.query<Row>(listVisible, [user?.id, limit + 1]);
    return rows.slice(0, limit);
  },
  answer: (rows) => rows,
  write: (rows) =>
    writeList(
      rows,
      (row) =>
        `{"id":"${row.id}","name":${quote(row.name)},"description":${quote(row.description)},"language_id":"${row.language_id}","latitude":${row.latitude},"longitude":${row.longitude},"location_display_name":${quote(row.location_display_name)},"created_at":"${row.created_at}","updated_at":"${row.updated_at}"}`,
    ),
});
