import {
  context,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Context,
  type Span,
  type Tracer,
} from '@opentelemetry/api';
import type { Request, RequestHandler, Response } from 'express';
import type { TraceContext } from '../core/trace-context.ts';
import { factsOf } from './log-facts.ts';
import { statusOf } from './outcome.ts';
import { shownPath } from './shown-path.ts';

/** Makes a span of each request, within the trace that it was sent in, and has the log name it. */
export function traceRequests(tracer: Tracer): RequestHandler {
  return (request, response, next) => {
    const parent = parentOf(request.trace);
    const span = tracer.startSpan(request.method, { kind: SpanKind.SERVER }, parent);
    const { traceId, spanId, traceFlags } = span.spanContext();
    request.trace = { traceId, spanId, sampled: (traceFlags & TraceFlags.SAMPLED) !== 0 };
    response.once('close', () => {
      describe(span, request, response);
      span.end();
    });
    context.with(trace.setSpan(parent, span), next);
  };
}

function parentOf(given: TraceContext | undefined): Context {
  if (!given) return ROOT_CONTEXT;
  const { traceId, spanId, sampled } = given;
  const traceFlags = sampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** By OpenTelemetry's conventions for HTTP servers, without what tells of people or where they are. */
function describe(span: Span, request: Request, response: Response): void {
  const { operation, route, user_id, request_id } = factsOf(request);
  const status = statusOf(response);
  span.updateName(operation ?? request.method).setAttributes({
    'http.request.method': request.method,
    'http.route': route,
    'http.response.status_code': status,
    'url.scheme': request.protocol,
    'url.path': shownPath(request.path),
    'user.id': user_id,
    'tripod.request_id': request_id,
  });
  if (status === undefined || status >= 500)
    span.setAttribute('error.type', String(status ?? 'cut_off')).setStatus({ code: SpanStatusCode.ERROR });
}
