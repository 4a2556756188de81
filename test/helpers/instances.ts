import type { ExecutionContext } from 'ava';
import { startService, type Keys, type TestService } from './service.ts';

/** Another instance on the same database, until the test ends: its clock can be put forward without disturbing others. */
export async function anotherInstance(
  t: ExecutionContext,
  { databaseUrl }: TestService,
  options: { trustedProxies?: number; keys?: Keys } = {},
): Promise<TestService> {
  const instance = await startService({ databaseUrl, ...options, oneInstance: true });
  t.teardown(() => instance.stop());
  return instance;
}
