import type { ExecutionContext } from 'ava';
import { serveMetrics } from '../../src/http/serve-metrics.ts';
import type { TestService } from './service.ts';

/** By name and labels, as they are written: `name{label="value"}`. */
export type Samples = ReadonlyMap<string, number>;

/** Has a service answer with its metrics until the test is over; gives what reads them as Prometheus does. */
export async function startMetrics(
  t: ExecutionContext,
  service: TestService,
): Promise<() => Promise<Samples>> {
  const { port, close } = await serveMetrics(service.context, 0);
  t.teardown(close);
  return () => readMetrics(port);
}

export async function readMetrics(port: number): Promise<Samples> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  const text = await response.text();
  const samples = text.split('\n').flatMap((line) => {
    const [, name, value] = /^([a-z].*) (\S+)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, Number(value)] as const];
  });
  return new Map(samples);
}

/** The samples of one metric that are not zero, by their labels alone. */
export function samplesOf(samples: Samples, metric: string): Record<string, number> {
  const found = [...samples].flatMap(([name, value]) =>
    name.startsWith(`${metric}{`) && value !== 0 ? [[name.slice(metric.length + 1, -1), value] as const] : [],
  );
  return Object.fromEntries(found);
}
