import type { ExecutionContext } from 'ava';
import { createTestDatabase } from './databases.ts';
import { startService, type Keys, type TestService } from './service.ts';
import { until } from './until.ts';

/** Two instances on one database, of which one at a time can start anew while requests go on. */
export interface RollingInstances {
  /** Does something on one of them, which will not stop meanwhile. */
  readonly on: <Result>(index: 0 | 1, work: (instance: TestService) => Promise<Result>) => Promise<Result>;
  readonly restart: (index: 0 | 1, keys: Keys) => Promise<void>;
}

export async function startRolling(t: ExecutionContext, keys: Keys): Promise<RollingInstances> {
  const { url: databaseUrl, drop } = await createTestDatabase();
  const start = async (keys: Keys) => ({ service: await startService({ databaseUrl, keys }), underWay: 0 });
  const current = await Promise.all([start(keys), start(keys)]);
  t.teardown(async () => {
    for (const { service } of current) await service.stop();
    await drop();
  });

  return {
    on: async (index, work) => {
      const instance = current[index];
      instance.underWay += 1;
      try {
        return await work(instance.service);
      } finally {
        instance.underWay -= 1;
      }
    },

    restart: async (index, keys) => {
      const before = current[index];
      current[index] = await start(keys);
      await until('nothing is under way', () => before.underWay === 0);
      await before.service.stop();
    },
  };
}
