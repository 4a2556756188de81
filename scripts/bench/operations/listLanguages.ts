import { quote, writeList } from '../json.ts';
import { defineOperation } from '../operation.ts';

const list = {
  name: 'list-languages',
  text: `select id, name, code, created_at from languages
          where (strpos(code, $1) > 0 or strpos(search_name, $2) > 0) order by code asc limit $3`,
};

interface Row {
  id: string;
  name: string;
  code: string;
  created_at: string;
}

export const listLanguages = defineOperation<Row[]>({
  id: 'listLanguages',
  cases: {
    languages: ({ member }) => ({
      as: member,
      isExpected: ({ length }: Row[]) => length === 200,
    }),
  },
  work: async (_input, client) => (await client.query<Row>(list, ['', '', 10_001])).rows,
  answer: (rows) => rows,
  write: (rows) =>
    writeList(
      rows,
      ({ id, name, code, created_at }) =>
        `{"id":"${id}","name":${quote(name)},"code":"${code}","created_at":"${created_at}"}`,
    ),
});
