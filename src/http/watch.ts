import type { RequestHandler } from 'express';
import type { Context } from '../core/context.ts';
import type { Settings } from '../core/settings.ts';
import { serveMetrics } from './serve-metrics.ts';

/** What lets operators see in besides the log, as far as the settings ask for it. */
export interface Watch {
  readonly metricsPort: number | undefined;
  readonly traceRequests: RequestHandler | undefined;
  readonly close: () => Promise<void>;
}

export async function openWatch(
  { metricsPort, tracing }: Pick<Settings, 'metricsPort' | 'tracing'>,
  context: Context,
): Promise<Watch> {
  const metrics = metricsPort === undefined ? undefined : await serveMetrics(context, metricsPort);
  const traces = tracing ? await openTracing(context) : undefined;
  return {
    metricsPort: metrics?.port,
    traceRequests: traces?.traceRequests,
    close: async () => {
      await traces?.stop();
      metrics?.close();
    },
  };
}

/** Loaded only where it is needed, for it is slow to load. */
async function openTracing({ logger }: Context) {
  const [{ startTracing }, { traceRequests }] = await Promise.all([
    import('../core/tracing.ts'),
    import('./trace-requests.ts'),
  ]);
  const { tracer, stop } = startTracing(logger);
  return { traceRequests: traceRequests(tracer), stop };
}
