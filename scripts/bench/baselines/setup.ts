import pg from 'pg';
import { operations } from '../operations.ts';
import type { Route } from './route.ts';
import { keysOf } from './tokens.ts';

function given(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new TypeError(`${name} is missing.`);
  return value;
}

export const port = Number(given('PORT'));
export const keys = keysOf(given('JWT_SECRET_KEY'));

/** As many connections as the service has. */
export const pool = {
  connectionString: given('DATABASE_URL'),
  max: 10,
  types: { getTypeParser },
};

const byId = new Map(operations.map((operation) => [operation.id, operation]));

export const routes = (JSON.parse(given('ROUTES')) as Route[]).map((route) => {
  const operation = byId.get(route.id);
  if (!operation) throw new TypeError(`${route.id} is not in operations.ts.`);
  return { route, operation };
});

export type Served = (typeof routes)[number];

const timestamptz: number = pg.types.builtins.TIMESTAMPTZ;

function getTypeParser(oid: number, format?: string): (value: string) => unknown {
  if (oid === timestamptz && format !== 'binary') return toRfc3339;
  return (pg.types.getTypeParser as (oid: number, format?: string) => (value: string) => unknown)(
    oid,
    format,
  );
}

/** PostgreSQL's `2026-01-31 09:05:07.12+00` as `2026-01-31T09:05:07.120Z`. */
function toRfc3339(value: string): string {
  return `${value.slice(0, 10)}T${value.slice(11, 19)}.${value.slice(20, -3).padEnd(3, '0')}Z`;
}
