import { defineOperation } from '../operation.ts';

const check = {
  name: 'check-role',
  text: `select exists (select from held_app_roles held join users u on u.id = held.user_id
                         where held.user_id = $1 and held.app_key = $2 and held.role_key = $3 and u.is_active) as allowed`,
};

interface Answer {
  allowed: boolean;
}

export const checkRole = defineOperation<Answer | undefined>({
  id: 'checkRole',
  cases: {
    'role-check': ({ member }) => ({
      as: member,
      query: { user_id: member.id, app_key: 'oral-bridge', role_key: 'facilitator' },
      isExpected: ({ allowed }: Answer) => allowed,
    }),
  },
  work: async ({ query }, client) => {
    const values = [query['user_id'], query['app_key'], query['role_key']];
    const { rows } = await client.query<Answer>(check, values);
    return rows[0];
  },
  answer: (row) => ({ allowed: row?.allowed ?? false }),
  write: (row) => (row?.allowed ? '{"allowed":true}' : '{"allowed":false}'),
});
