import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { until } from './until.ts';

interface Attribute {
  readonly key: string;
  readonly value: Readonly<Record<string, unknown>>;
}

interface SentSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code: number };
  readonly attributes: readonly Attribute[];
}

/** The part of an OTLP request for traces that is looked at. */
interface Request {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly Attribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly SentSpan[] }[];
  }[];
}

export interface ReceivedSpan extends Omit<SentSpan, 'attributes'> {
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What sends it. */
  readonly resource: Readonly<Record<string, unknown>>;
}

/** Takes traces by OTLP over HTTP. */
export async function startTraceCollector() {
  const received: Request[] = [];
  const paths = new Set<string>();
  const server = createServer((request, response) => {
    paths.add(request.url ?? '');
    void json(request).then((body) => {
      received.push(body as Request);
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');

  const spans = (): ReceivedSpan[] =>
    received.flatMap(({ resourceSpans }) =>
      resourceSpans.flatMap(({ resource, scopeSpans }) =>
        scopeSpans.flatMap((scope) =>
          scope.spans.map((span) => ({
            ...span,
            attributes: valuesOf(span.attributes),
            resource: valuesOf(resource.attributes),
          })),
        ),
      ),
    );

  /** The request of this id and what was done for it, once it has arrived. */
  async function trace(requestId: string): Promise<[root: ReceivedSpan, ...children: ReceivedSpan[]]> {
    const isRoot = ({ attributes }: ReceivedSpan) => attributes['tripod.request_id'] === requestId;
    const root = await until(`${requestId} has arrived`, () => spans().find(isRoot));
    return [root, ...spans().filter(({ parentSpanId }) => parentSpanId === root.spanId)];
  }

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    paths,
    spans,
    trace,
    /** Everything that has arrived. */
    text: () => JSON.stringify(received),
    stop: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

function valuesOf(attributes: readonly Attribute[]): Record<string, unknown> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0]]));
}
