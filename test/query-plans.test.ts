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
  nodesOf,
  watchPlans,
  type PlanNode,
  type SeenPlan,
} from './helpers/seen-plans.ts';

const users = 2_000;
const cluster = await startOwnCluster();
await migrateAt(cluster.url);
await fillDatabase(cluster.url, { users, projects: users / 10, grants: users * 5 }, 1);
await queryAt(cluster.url, `alter system set autovacuum = off`);
await queryAt(cluster.url, `select pg_reload_conf()`);
await pretendToBeLarger(cluster.url, 1_000_000 / users);
await explainEverything(cluster.url);
test.after.always(() => cluster.remove());

/** Tables that may be read as a whole, since more users do not make them longer. */
const bounded: Readonly<Record<string, string>> = {
  apps: 'there are as many as there are tools',
  app_roles: 'a few for each app',
  languages: 'ISO 639-3 has under 8,000, and any part of their names is searched',
  phases: 'the steps of the work are the same for all projects',
  phase_dependencies: 'a few for each phase',
  knex_migrations: 'one for each file in migrations/',
};

/** How PostgreSQL has done what each operation asked it. */
type Seen = Map<string, SeenPlan[]>;

for (const mode of ['auto', 'force_generic_plan'])
  test.serial(
    `With a million users, no query reads all of a table that grows: plan_cache_mode=${mode}`,
    async (t) => {
      await queryAt(
        cluster.url,
        `alter database ${new URL(cluster.url).pathname.slice(1)} set plan_cache_mode = ${mode}`,
      );
      const mailing = await startMailing({ databaseUrl: cluster.url });
      const seen = await callEverything(mailing);
      await mailing.stop();

      t.true(operationsAsking(seen).length > 60);
      const found = [...seen].flatMap(([operation, plans]) =>
        plans.flatMap(({ query, plan }) =>
          [...nodesOf(plan)]
            .filter(readsAll)
            .map((node) => `${operation}: ${node['Node Type']} of ${node['Relation Name'] ?? ''}\n${query}`),
        ),
      );
      t.log([...new Set(found)].join('\n\n'));
      t.deepEqual([...new Set(found)], []);
    },
  );

function readsAll(node: PlanNode): boolean {
  return node['Node Type'] === 'Seq Scan' && !((node['Relation Name'] ?? '') in bounded);
}

function operationsAsking(seen: Seen): string[] {
  return [...operations.keys()].filter((id) => seen.has(id));
}

async function callEverything({ service, server }: Mailing): Promise<Seen> {
  const seen: Seen = new Map();
  let current: string | undefined;
  watchPlans(service.context.database, (plan) => {
    if (current !== undefined) seen.set(current, [...(seen.get(current) ?? []), plan]);
  });
  const samples = await createSamples(service);

  async function during<Result>(name: string, work: () => Promise<Result>): Promise<Result> {
    current = name;
    try {
      return await work();
    } finally {
      current = undefined;
    }
  }

  /** By an admin and by a member, with each filter and with all of them. */
  async function callInAllWays(operation: Operation): Promise<void> {
    const { id, method } = operation;
    const shared = await samples.addSample();
    const filters = Object.entries(filtersOf(operation, shared.ids)).map(([name, value]) => ({
      [name]: value,
    }));
    for (const query of [{}, ...filters, Object.assign({}, ...filters) as Ids]) {
      const sample = method === 'GET' ? shared : await samples.addSample();
      const request = samples.request(operation, sample, query);
      await during(id, async () => {
        if (request.as) await service.send({ ...request, as: sample.user });
        const { status, body } = await service.send(request);
        if (status >= 500) throw new Error(`${id} answered ${status}: ${JSON.stringify(body)}`);
      });
    }
  }

  for (const operation of operations.values()) await callInAllWays(operation);
  // What takes a password, or a token that only a mail has.
  const person = await during('signUp', () => signUp(service));
  await during('logIn', () => logIn(service, person));
  await during('refreshTokens', () =>
    service.call('refreshTokens', 200, { body: { refresh_token: person.refresh_token } }),
  );
  const passwords = { current_password: password, new_password: newPassword };
  await during('changePassword', () => service.call('changePassword', 204, { as: person, body: passwords }));
  const token = await during('requestPasswordReset', () => newToken(service, server, person));
  await during('resetPassword', () => service.call('resetPassword', 204, { body: { token, password } }));
  return seen;
}
