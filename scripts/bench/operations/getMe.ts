import { defineOperation } from '../operation.ts';

export const getMe = defineOperation({
  id: 'getMe',
  cases: {
    me: ({ member }) => ({ as: member, isExpected: ({ id }: { id: string }) => id === member.id }),
  },
  answer: (_result, { user }) => user,
});
