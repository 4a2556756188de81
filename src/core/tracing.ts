import { setTimeout as sleep } from 'node:timers/promises';
import { context, diag, DiagLogLevel, trace, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Logger } from 'pino';
import { traceQueries } from './trace-queries.ts';

export interface Tracing {
  readonly tracer: Tracer;
  /** Sends what is left, as long as that takes no more than a second. */
  readonly stop: () => Promise<void>;
}

/** Milliseconds. */
const patience = 1_000;

/**
 * Collects the spans of this process and sends them by OTLP over HTTP. Where to, how many and under which name is read from
 * the environment by OpenTelemetry itself: `OTEL_*`. Import it only where traces are wanted: loading it takes a while.
 */
export function startTracing(logger: Logger): Tracing {
  const log = (message: string, ...details: unknown[]) => {
    logger.warn({ details: details.map(String).join(' ').slice(0, 500) }, `tracing: ${message}`);
  };
  const ignore = () => undefined;
  diag.setLogger({ error: log, warn: log, info: ignore, debug: ignore, verbose: ignore }, DiagLogLevel.WARN);
  const provider = new BasicTracerProvider({
    resource: defaultResource()
      .merge(resourceFromAttributes({ 'service.name': 'tripod-api' }))
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter())],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  const tracer = provider.getTracer('tripod-api');
  traceQueries(tracer);
  return {
    tracer,
    stop: async () => {
      const sent = provider.shutdown().catch((error: unknown) => {
        log('what was left could not be sent', error);
      });
      await Promise.race([sent, sleep(patience, undefined, { ref: false })]);
    },
  };
}
