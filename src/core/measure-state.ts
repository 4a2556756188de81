import type { Knex } from 'knex';
import { collectDefaultMetrics, Gauge, type Registry } from 'prom-client';
import type { Context } from './context.ts';
import { queriesWaiting, type Database } from './database.ts';
import { passwordQueue } from './passwords.ts';

/** Adds how an instance is at the moment it is asked: event loop, memory, processor, the pool, passwords that wait. */
export function measureState({ database, metrics }: Pick<Context, 'database' | 'metrics'>): void {
  const register = metrics.registry;
  collectDefaultMetrics({ register });
  watchDatabase(database, [register]);
  watchPasswords([register]);
}

function watchDatabase(database: Database, registers: Registry[]): void {
  const { pool } = database.client as Knex.Client & { pool: ConnectionPool };
  new Gauge({
    name: 'database_connections',
    help: 'Connections of the pool by whether they are used.',
    labelNames: ['state'],
    registers,
    collect() {
      this.set({ state: 'used' }, pool.numUsed());
      this.set({ state: 'free' }, pool.numFree());
    },
  });
  new Gauge({
    name: 'database_connections_max',
    help: 'As many connections as the pool may open.',
    registers,
    collect() {
      this.set(pool.max);
    },
  });
  new Gauge({
    name: 'database_connection_waiters',
    help: 'Queries that wait for a connection.',
    registers,
    collect() {
      this.set(queriesWaiting(database));
    },
  });
}

/** The part of tarn's that says how things are. */
interface ConnectionPool {
  readonly max: number;
  numUsed(): number;
  numFree(): number;
}

function watchPasswords(registers: Registry[]): void {
  new Gauge({
    name: 'passwords_hashing',
    help: 'Passwords by whether they are being hashed or wait for it.',
    labelNames: ['state'],
    registers,
    collect() {
      const { running, waiting } = passwordQueue();
      this.set({ state: 'running' }, running);
      this.set({ state: 'waiting' }, waiting);
    },
  });
}
