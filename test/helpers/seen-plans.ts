import type PostgresClient from 'knex/lib/dialects/postgres/index.js';
import pg from 'pg';
import type { Database } from '../../src/core/database.ts';
import { queryAt } from './query.ts';

/** The part of PostgreSQL's plans that says what is read, and how. */
export interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Total Cost': number;
  readonly 'Relation Name'?: string;
  readonly 'Index Cond'?: string;
  readonly Filter?: string;
  readonly Plans?: readonly PlanNode[];
}

export interface SeenPlan {
  readonly query: string;
  readonly plan: PlanNode;
}

/**
 * Lets PostgreSQL tell its plan with whatever it does in this database from the next connection on, also within functions and
 * for foreign keys.
 */
export async function explainEverything(url: string): Promise<void> {
  const settings = {
    ...{ session_preload_libraries: 'auto_explain', 'auto_explain.log_min_duration': '0' },
    ...{ 'auto_explain.log_nested_statements': 'on', 'auto_explain.log_format': 'json' },
    ...{ 'auto_explain.log_level': 'notice', 'auto_explain.log_parameter_max_length': '0' },
  };
  const name = new URL(url).pathname.slice(1);
  for (const [setting, value] of Object.entries(settings))
    await queryAt(url, `alter database ${name} set ${setting} = '${value}'`);
}

/** Call it before the database has been asked anything. */
export function watchPlans(database: Database, see: (seen: SeenPlan) => void): void {
  const { pool } = database.client as PostgresClient;
  pool?.on('createSuccess', (_, connection: pg.Client) => {
    connection.on('notice', ({ message = '' }) => {
      const json = /^duration: [\d.]+ ms {2}plan:\n(.*)/s.exec(message)?.[1];
      if (json === undefined) return;
      const { 'Query Text': query, Plan: plan } = JSON.parse(json) as {
        'Query Text': string;
        Plan: PlanNode;
      };
      see({ query, plan });
    });
  });
}

/** What PostgreSQL comes to do where it plans a statement once, for whatever values it will have. */
export async function withGenericPlans<Seen extends SeenPlan>(
  url: string,
  seen: readonly Seen[],
): Promise<Seen[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('set plan_cache_mode = force_generic_plan');
    const planned: Seen[] = [];
    for (const each of seen) {
      const numbers = [...each.query.matchAll(/\$(\d+)/g)].map(([, number]) => Number(number));
      const values = Array.from({ length: Math.max(...numbers) }, () => 'null').join(', ');
      await client.query(`prepare seen as ${each.query}`);
      const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>(
        `explain (format json) execute seen (${values})`,
      );
      const plan = rows[0]?.['QUERY PLAN'][0].Plan;
      if (plan) planned.push({ ...each, plan });
      await client.query('deallocate seen');
    }
    return planned;
  } finally {
    await client.end();
  }
}

/** Tables that are read from one end to the other, unless the planner expects to have enough long before. */
export function* wholeReadings(node: PlanNode, expected = Infinity): Generator<string> {
  const { 'Node Type': type, 'Total Cost': cost, 'Relation Name': table = '', Filter: filter } = node;
  const isWhole =
    type === 'Seq Scan' ||
    (type.startsWith('Index') && node['Index Cond'] === undefined && filter !== undefined);
  if (isWhole && expected > cost / 10) yield table;
  for (const child of node.Plans ?? []) yield* wholeReadings(child, type === 'Limit' ? cost : expected);
}
