import type PostgresClient from 'knex/lib/dialects/postgres/index.js';
import type pg from 'pg';
import type { Database } from '../../src/core/database.ts';
import { queryAt } from './query.ts';

/** The part of PostgreSQL's plans that says what is read, and how. */
export interface PlanNode {
  readonly 'Node Type': string;
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
  const name = new URL(url).pathname.slice(1);
  const settings = {
    ...{ session_preload_libraries: 'auto_explain', 'auto_explain.log_min_duration': '0' },
    ...{ 'auto_explain.log_nested_statements': 'on', 'auto_explain.log_format': 'json' },
    ...{ 'auto_explain.log_level': 'notice', 'auto_explain.log_parameter_max_length': '0' },
  };
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

export function* nodesOf(plan: PlanNode): Generator<PlanNode> {
  yield plan;
  for (const child of plan.Plans ?? []) yield* nodesOf(child);
}
