import { writeList } from '../json.ts';
import { defineOperation } from '../operation.ts';

const list = {
  name: 'list-my-roles',
  text: `select app_key, role_key from held_app_roles where user_id = $1 order by app_key asc, role_key asc limit $2`,
};

interface Row {
  app_key: string;
  role_key: string;
}

export const listMyRoles = defineOperation<Row[]>({
  id: 'listMyRoles',
  cases: {
    'my-roles': ({ member }) => ({
      as: member,
      isExpected: ({ length }: Row[]) => length === 4,
    }),
  },
  work: async ({ user }, client) => (await client.query<Row>(list, [user?.id, 10_001])).rows,
  answer: (rows) => rows,
  // Keys are of letters that need no escape.
  write: (rows) =>
    writeList(rows, ({ app_key, role_key }) => `{"app_key":"${app_key}","role_key":"${role_key}"}`),
});
