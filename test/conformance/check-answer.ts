import type { Schema as Named } from '../../src/core/schema.ts';
import type { Operation } from '../helpers/contract.ts';
import { breaches } from './breaches.ts';

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  /** Parsed, if it is JSON; else the text, empty where there is none. */
  readonly body: unknown;
}

const usualHeaders = [
  'X-Request-Id',
  'Cache-Control',
  'Content-Security-Policy',
  'Strict-Transport-Security',
  'X-Content-Type-Options',
  'X-Frame-Options',
  'Referrer-Policy',
  'Cross-Origin-Opener-Policy',
  'Cross-Origin-Resource-Policy',
];

/** What is wrong as HTTP may be answered in place of any operation. */
const aboutHttp = [408, 417, 431];

/** Where an answer is not one that the contract declares for the operation. @param method `HEAD` has no body to look at */
export function answerFindings(
  operation: Operation,
  received: Received,
  method = operation.method,
): string[] {
  const { status, headers, body } = received;
  const declared = operation.responses[status];
  if (aboutHttp.includes(status)) return problemFindings(received);
  if (!declared) return [`answered ${status}, which is not declared`];
  const findings = [...usualHeaderFindings(headers), ...declaredHeaderFindings(declared.headers, headers)];
  if (!/\bOrigin\b/.test(headers.get('Vary') ?? '')) findings.push('is not kept apart by Origin');

  const [mediaType, content] = Object.entries(declared.content ?? {})[0] ?? [];
  const sentType = headers.get('Content-Type')?.split(';', 1)[0];
  if (sentType !== mediaType)
    findings.push(`came as ${sentType ?? 'nothing'}, not as ${mediaType ?? 'nothing'}`);
  else if (content && method !== 'HEAD') findings.push(...breaches('body', content.schema, body));
  return findings;
}

/** For errors that belong to no operation: where one is not of the form that all errors have. */
export function problemFindings({ status, headers, body }: Received): string[] {
  const findings = [
    ...usualHeaderFindings(headers),
    ...breaches('body', { $ref: '#/components/schemas/Problem' }, body),
  ];
  const type = headers.get('Content-Type');
  if (type !== 'application/problem+json; charset=utf-8') findings.push(`came as ${type ?? 'nothing'}`);
  if (findings.length > 0) return findings;
  const { status: told, request_id } = body as Named<'Problem'>;
  if (told !== status) findings.push(`tells of status ${told}`);
  if (request_id !== headers.get('X-Request-Id'))
    findings.push('tells of another request_id than its header');
  return findings;
}

/** What every answer says, so that neither browsers nor caches do mischief with it. */
function usualHeaderFindings(headers: Headers): string[] {
  const findings = usualHeaders.filter((name) => !headers.has(name)).map(lacks);
  if (headers.get('X-Content-Type-Options') !== 'nosniff') findings.push('may be guessed at');
  if (headers.has('Access-Control-Allow-Credentials')) findings.push('allows cookies');
  return findings;
}

function declaredHeaderFindings(
  declared: Operation['responses'][string]['headers'] = {},
  headers: Headers,
): string[] {
  return Object.entries(declared).flatMap(([name, { required, schema }]) => {
    const value = headers.get(name);
    if (value === null) return required ? [lacks(name)] : [];
    return breaches(name, schema, value, 'text');
  });
}

function lacks(name: string): string {
  return `lacks the header ${name}`;
}
