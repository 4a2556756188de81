import { SpanKind, SpanStatusCode, trace, type Span, type Tracer } from '@opentelemetry/api';
import pg from 'pg';
import { isGivenName } from './database/given-names.ts';

type Done = (error: unknown, result?: unknown) => void;
type Query = string | { readonly name?: string; readonly text: string };

/**
 * Makes a span of each query that is sent while a request is answered: its text, and never what is bound to it. The driver
 * has no hook of its own, so its one method that sends anything is wrapped, for all connections of the process.
 */
export function traceQueries(tracer: Tracer): void {
  const prototype = pg.Client.prototype as { query: (...given: unknown[]) => unknown };
  const send = Reflect.get(prototype, 'query');
  prototype.query = function (this: pg.Client, ...given: unknown[]) {
    // A request that is over, or that nobody traces, records nothing more.
    if (!trace.getActiveSpan()?.isRecording()) return Reflect.apply(send, this, given);
    const span = startSpan(tracer, given[0] as Query);
    const last = given.at(-1);
    if (typeof last === 'function') {
      const done = last as Done;
      const tell: Done = (error, result) => {
        end(span, error);
        done(error, result);
      };
      return Reflect.apply(send, this, [...given.slice(0, -1), tell]);
    }
    const sent = Reflect.apply(send, this, given) as Promise<unknown>;
    sent.then(
      () => {
        end(span);
      },
      (error: unknown) => {
        end(span, error);
      },
    );
    return sent;
  };
}

function startSpan(tracer: Tracer, query: Query): Span {
  const { name, text } = typeof query === 'string' ? { text: query } : query;
  const operation = /^\s*(\w+)/.exec(text)?.[1]?.toUpperCase() ?? 'query';
  return tracer.startSpan(name === undefined || isGivenName(name) ? operation : name, {
    kind: SpanKind.CLIENT,
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': operation,
      'db.query.text': text,
    },
  });
}

function end(span: Span, error?: unknown): void {
  if (error) {
    const { code, name } = error as { code?: string; name: string };
    span.setAttribute('error.type', code ?? name).setStatus({ code: SpanStatusCode.ERROR });
  }
  span.end();
}
