import test from 'ava';
import { migrateAt } from '../scripts/bench/data/cluster.ts';
import { fillDatabase } from '../scripts/bench/data/fill.ts';
import { operations, type Operation } from './helpers/contract.ts';
import { pretendToBeLarger } from './helpers/large-statistics.ts';
import { startOwnCluster } from './helpers/own-cluster.ts';
import { newPassword, newToken, startMailing, type Mailing } from './helpers/password-resets.ts';
import { logIn, password, signUp } from './helpers/people.ts';
import { queryAt } from './helpers/query.ts';
import { createSamples, filtersOf, type Ids } from './helpers/samples.ts';
import {
  explainEverything,
  watchPlans,
  wholeReadings,
  withGenericPlans,
  type PlanNode,
  type SeenPlan,
} from './helpers/seen-plans.ts';

/** Tables that may be read as a whole, since more users do not make them longer. */
const bounded: Readonly<Record<string, string>> = {
  apps: 'there are as many as there are tools',
  app_roles: 'a few for each app',
  languages: 'ISO 639-3 has under 8,000, and any part of their names is searched',
  phases: 'the steps of the work are the same for all projects',
  phase_dependencies: 'a few for each phase',
  knex_migrations: 'one for each file in migrations/',
};

type Asked = SeenPlan & { readonly operation: string };

const users = 2_000;
const cluster = await startOwnCluster();
await migrateAt(cluster.url);
await fillDatabase(cluster.url, { users, projects: users / 10, grants: users * 5 }, 1);
await queryAt(cluster.url, 'alter system set autovacuum = off');
await queryAt(cluster.url, 'select pg_reload_conf()');
await pretendToBeLarger(cluster.url, 1_000_000 / users);
await explainEverything(cluster.url);
const mailing = await startMailing({ databaseUrl: cluster.url, oneInstance: true });
const asked = await callEverything(mailing);
await mailing.stop();
test.after.always(() => cluster.remove());

test('With a million users, no operation reads all of a table that grows', (t) => {
  const asking = new Set(asked.map(({ operation }) => operation));
  for (const { id, role } of operations.values()) if (role !== 'public') t.true(asking.has(id), id);
  t.deepEqual(readings(asked), []);
});

test('No prepared statement does when PostgreSQL comes to keep one plan for all values', async (t) => {
  const prepared = asked.filter(({ query }) => query.includes('$1'));
  const generic = await withGenericPlans(cluster.url, prepared);
  t.is(generic.length, prepared.length);
  const kept = generic.filter(({ plan }, index) => isKept(plan, prepared[index]?.plan));
  t.true(kept.length > 300);
  t.deepEqual(readings(kept), []);
});

test('A database that has users is not filled with others', async (t) => {
  const filling = fillDatabase(cluster.url, { users: 100, projects: 10, grants: 0 }, 1);
  await t.throwsAsync(filling, { message: /has users already/ });
});

/** PostgreSQL plans for the values that it has as long as one plan for all of them would cost more; this leaves it a margin. */
function isKept({ 'Total Cost': generic }: PlanNode, custom?: PlanNode): boolean {
  return generic < 2 * (custom?.['Total Cost'] ?? Infinity) + 50;
}

/** What of it reads a whole table, and for which operation. */
function readings(asked: readonly Asked[]): string[] {
  return asked.flatMap(({ operation, query, plan }) =>
    [...wholeReadings(plan)]
      .filter((table) => !(table in bounded) && !table.startsWith('pg_'))
      .map((table) => `${operation} reads all of ${table}: ${query}`),
  );
}

/** Every operation, and how PostgreSQL does what it is asked by them: each plan of a query once. */
async function callEverything({ service, server }: Mailing): Promise<Asked[]> {
  const seen = new Map<string, Asked>();
  let operation: string | undefined;
  watchPlans(service.context.database, (plan) => {
    if (operation === undefined) return;
    const key = [operation, plan.query, ...wholeReadings(plan.plan)].join(' ');
    seen.set(key, { ...plan, operation });
  });
  const samples = await createSamples(service);

  async function during<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    operation = name;
    try {
      return await work();
    } finally {
      operation = undefined;
    }
  }

  /** By a member and by an admin, with each filter, with all of them, and for the next page. */
  async function callInAllWays(operation: Operation): Promise<void> {
    const { id, method, parameters } = operation;
    const sample = await samples.addSample();
    const filters = Object.entries(filtersOf(operation, sample.ids)).map(([name, value]) => ({
      [name]: value,
    }));
    const pages = parameters.some(({ name }) => name === 'limit') ? [{ limit: '1' }, { limit: '50' }] : [];
    const all = filters.length > 1 ? [Object.assign({}, ...filters) as Ids] : [];
    for (const query of [{}, ...filters, ...all, ...pages])
      await during(id, async () => {
        const request = samples.request(operation, sample, query);
        if (method === 'GET' && request.as) await service.send({ ...request, as: sample.user });
        const { headers } = await service.send(request);
        const next = /<([^>]*)>; rel="next"/.exec(headers.get('Link') ?? '')?.[1];
        if (next !== undefined) await service.send({ ...request, path: next });
      });
    // Somebody who may not is told which roles they have.
    const { user: as } = await samples.addSample();
    await during(id, () => service.send({ ...samples.request(operation, sample), as }));
  }

  for (const each of operations.values()) await callInAllWays(each);
  // What takes a password, or a token that only a mail has.
  const person = await during('signUp', () => signUp(service));
  const { refresh_token } = person;
  await during('logIn', () => logIn(service, person));
  await during('refreshTokens', () => service.call('refreshTokens', 200, { body: { refresh_token } }));
  const passwords = { current_password: password, new_password: newPassword };
  await during('changePassword', () => service.call('changePassword', 204, { as: person, body: passwords }));
  const token = await during('requestPasswordReset', () => newToken(service, server, person));
  await during('resetPassword', () => service.call('resetPassword', 204, { body: { token, password } }));
  return [...seen.values()];
}
