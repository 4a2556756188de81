import { randomBytes } from 'node:crypto';
import { cpus, loadavg } from 'node:os';
import { startTestCluster } from '../test/helpers/postgres.ts';
import { checkAnswers } from './bench/check-answers.ts';
import { programOf, startChild } from './bench/child.ts';
import { measure, type Plan } from './bench/measure.ts';
import { operations } from './bench/operations.ts';
import { watchPostgres } from './bench/postgres-cpu.ts';
import type { Results } from './bench/results.ts';
import { routesOf } from './bench/routes.ts';
import { startBaseline, startService } from './bench/servers.ts';
import { table } from './bench/table.ts';
import { trialsOf } from './bench/trial.ts';
import { createWorld } from './bench/world.ts';

const connections = 20;
const plan: Plan = { rounds: 5, round: 1000, warmUp: 3000 };

const cluster = await startTestCluster();
const settings = { databaseUrl: cluster.url, secret: randomBytes(32).toString('hex') };
const service = await startService(settings);
const world = await createWorld(cluster.url, settings.secret, connections);
const routes = routesOf(operations);
const servers = [
  service,
  await startBaseline('limit', settings, routes),
  await startBaseline('express', settings, routes),
];
const load = startChild([programOf('bench/load/main.js')]);
const chosen = process.argv.slice(2);
try {
  const trials = trialsOf(operations, routes, world, connections).filter(
    ({ name }) => chosen.length === 0 || chosen.includes(name),
  );
  for (const trial of trials) await checkAnswers(servers, trial);
  const workshop = { load, postgresCpu: await watchPostgres(cluster.url) };
  const before = loadavg()[0] ?? 0;
  const cases: Record<string, Results['cases'][string]> = {};
  for (const trial of trials) {
    process.stderr.write(`${trial.name}\n`);
    cases[trial.name] = await measure(workshop, servers, trial, plan);
  }
  console.log(table({ cases }));
  console.log(`load ${before} ${loadavg()[0]}, ${cpus()[0]?.model}`);
} finally {
  await Promise.all([...servers, load].map(({ stop }) => stop()));
  await cluster.stop();
}
