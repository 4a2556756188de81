import { randomBytes } from 'node:crypto';
import { startTestCluster } from '../../test/helpers/postgres.ts';
import { programOf, startChild, type Child } from './child.ts';
import { operations } from './operations.ts';
import { watchPostgres, type PostgresCpu } from './postgres-cpu.ts';
import { routesOf } from './routes.ts';
import { startBaseline, startService, type Server } from './servers.ts';
import { trialsOf, type Trial } from './trial.ts';
import { createWorld } from './world.ts';

export const connections = 20;

/** All that a measurement needs, on one database. */
export interface Workshop {
  /** The service is the first of them. */
  readonly servers: readonly [Server, ...Server[]];
  readonly trials: readonly Trial[];
  readonly load: Child;
  readonly postgresCpu: PostgresCpu;
}

export async function inWorkshop(work: (workshop: Workshop) => Promise<void>): Promise<void> {
  const closing: (() => Promise<void>)[] = [];
  async function keep<Thing extends { stop: () => Promise<void> }>(thing: Thing | Promise<Thing>) {
    const kept = await thing;
    closing.unshift(kept.stop);
    return kept;
  }
  try {
    const cluster = await keep(startTestCluster());
    const settings = { databaseUrl: cluster.url, secret: randomBytes(32).toString('hex') };
    const routes = routesOf(operations);
    // The service makes the tables.
    const service = await keep(startService(settings));
    const world = await createWorld(cluster.url, settings.secret, connections);
    const limit = await keep(startBaseline('limit', settings, routes));
    const express = await keep(startBaseline('express', settings, routes));
    await work({
      servers: [service, limit, express],
      trials: trialsOf(operations, routes, world, connections),
      load: await keep(startChild([programOf('bench/load/main.js')])),
      postgresCpu: await watchPostgres(cluster.url),
    });
  } finally {
    for (const close of closing) await close();
  }
}
