import { v7 as newId } from 'uuid';
import { quote } from '../json.ts';
import { defineOperation } from '../operation.ts';

const insert = {
  name: 'create-phase',
  text: `insert into phases (description, id, name) values ($1, $2, $3)
         returning id, name, description, created_at, updated_at`,
};

interface Fields {
  name: string;
  description?: string;
}

interface Row {
  id: string;
  name: string;
  description: string | null;
  created_at: string;
  updated_at: string;
}

const phase = { name: 'Team check', description: 'The team listens to the draft together.' };

export const createPhase = defineOperation<Row>({
  id: 'createPhase',
  cases: {
    'create-phase': ({ admin }) => ({
      as: admin,
      body: phase,
      status: 201,
      varying: ['id', 'created_at', 'updated_at'],
      isExpected: ({ name }: Row) => name === phase.name,
    }),
  },
  work: async ({ body }, client) => {
    const { name, description = null } = body as Fields;
    const { rows } = await client.query<Row>(insert, [description, newId(), name]);
    const [row] = rows;
    if (!row) throw new TypeError('Nothing was inserted.');
    return row;
  },
  answer: (row) => ({ ...row, project_ids: [] }),
  write: ({ id, name, description, created_at, updated_at }) =>
    `{"id":"${id}","name":${quote(name)},"description":${quote(description)},"created_at":"${created_at}","updated_at":"${updated_at}","project_ids":[]}`,
});
