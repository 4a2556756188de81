import { pino, type DestinationStream, type Logger } from 'pino';
import { failureCode } from './database-errors.ts';
import type { TraceContext } from './trace-context.ts';

const severities: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Has Error Reporting take a line for an error of ours, whatever else it holds. */
const reportedError = 'type.googleapis.com/google.devtools.clouderrorreporting.v1beta1.ReportedErrorEvent';

/**
 * Writes a JSON object a line, in the shape that Google Cloud Logging reads. Two members of what is logged have a meaning:
 * `err`, an error that nobody foresaw, and `trace`, the trace that the line belongs to.
 * @param options.project the Google Cloud project that keeps the traces
 * @param options.destination standard output unless given
 */
export function createLogger(
  level: string,
  options: { project?: string | undefined; destination?: DestinationStream | undefined } = {},
): Logger {
  return pino(
    {
      level,
      base: null,
      messageKey: 'message',
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ severity: severities[label] }),
        log: (facts) => {
          const { err, trace } = facts as { err?: unknown; trace?: TraceContext };
          // On every line, so it matters that spreading would take three times as long.
          return Object.assign(
            {},
            facts,
            { err: undefined, trace: undefined },
            trace && traceFields(trace, options.project),
            err === undefined ? undefined : errorFields(err),
          ) as Record<string, unknown>;
        },
      },
    },
    options.destination,
  );
}

function traceFields({ traceId, spanId, sampled }: TraceContext, project: string | undefined) {
  return {
    'logging.googleapis.com/trace': project === undefined ? traceId : `projects/${project}/traces/${traceId}`,
    'logging.googleapis.com/spanId': spanId,
    'logging.googleapis.com/trace_sampled': sampled,
  };
}

function errorFields(error: unknown) {
  const stack = error instanceof Error ? pino.stdSerializers.err(error).stack : undefined;
  return { '@type': reportedError, error: reasonOf(error), stack_trace: stack };
}

/** What the log may have of an error: a failing query's carries what was bound to it in other members. */
export function reasonOf(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Error)) return { message: typeof error };
  const { name, message } = error;
  return { name, message, code: failureCode(error) };
}
