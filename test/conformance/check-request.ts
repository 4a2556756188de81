import type { Operation, Schema } from '../helpers/contract.ts';
import { breaches } from './breaches.ts';

export interface Sent {
  /** With the query. */
  readonly path: string;
  readonly body?: string | Uint8Array | undefined;
}

/** Where a request is not one that the contract lets through. */
export function requestFindings(
  { path: template, parameters, bodySchema }: Operation,
  { path, body }: Sent,
): string[] {
  const [pathname = '', search = ''] = path.split('?');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
  const values = (pattern.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
  const given = {
    path: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
  const inAddress = (['path', 'query'] as const).flatMap((where) => {
    const known = parameters.filter((parameter) => parameter.in === where);
    const schema: Schema = {
      type: 'object',
      properties: Object.fromEntries(known.map((parameter) => [parameter.name, parameter.schema])),
      required: known.filter((parameter) => parameter.required).map(({ name }) => name),
      additionalProperties: false,
    };
    return breaches(where, schema, given[where], 'text');
  });
  const inBody = bodySchema ? breaches('body', bodySchema, parsed(body)) : [];
  return [...inAddress, ...inBody];
}

/** Undefined is what no schema takes. */
function parsed(body: Sent['body']): unknown {
  try {
    return JSON.parse(Buffer.from(body ?? '').toString());
  } catch {
    return undefined;
  }
}
