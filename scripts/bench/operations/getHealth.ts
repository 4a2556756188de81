import { defineOperation } from '../operation.ts';

export const getHealth = defineOperation({
  id: 'getHealth',
  cases: { health: () => ({ isExpected: ({ status }: { status: string }) => status === 'ok' }) },
  answer: () => ({ status: 'ok' }),
});
