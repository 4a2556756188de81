/** The place of a piece of work in a trace, in W3C Trace Context's terms. */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const pattern =
  /^(?!ff)(?<version>[0-9a-f]{2})-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})(?<spanId>[0-9a-f]{16})-(?<flags>[0-9a-f]{2})(?<more>-[^]*)?$/;

/** Reads the header `traceparent` (W3C Trace Context, section 3.2); undefined for any other text. */
export function parseTraceparent(header: string | string[] | undefined): TraceContext | undefined {
  const groups = typeof header === 'string' ? pattern.exec(header)?.groups : undefined;
  // Only a later version may have more to say.
  if (!groups || (groups['version'] === '00' && groups['more'] !== undefined)) return undefined;
  const { traceId = '', spanId = '', flags = '' } = groups;
  return { traceId, spanId, sampled: (parseInt(flags, 16) & 1) === 1 };
}
