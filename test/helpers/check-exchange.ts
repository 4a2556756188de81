import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { Schema as Named } from '../../src/core/schema.ts';
import { document, type Operation, type Schema } from './contract.ts';
import { fromRunner } from './databases.ts';

interface Sent {
  /** With the query. */
  readonly path: string;
  readonly body?: string | Uint8Array | undefined;
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

const contract = 'contract.json';
const closed = structuredClone(document.components.schemas);
for (const schema of Object.values(closed)) if (schema.properties) schema.additionalProperties ??= false;

const ajv = new Ajv2020({ strict: false, allErrors: true, coerceTypes: false });
const coerce = new Ajv2020({ strict: false, coerceTypes: true });
for (const engine of [ajv, coerce]) {
  addFormats.default(engine);
  // Once, as an engine walks through all of what it is given whenever it compiles.
  engine.addSchema(absolute({ components: { schemas: closed } }), contract);
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
const validators = new Map<string, ValidateFunction>();

function check(where: string, engine: Ajv2020, schema: Schema, value: unknown): void {
  const key = `${where} ${engine === coerce}`;
  const validate = validators.get(key) ?? engine.compile(absolute(schema));
  validators.set(key, validate);
  if (!validate(value)) {
    throw new Error(
      `${where} is not as the contract has it: ${ajv.errorsText(validate.errors)} in ${JSON.stringify(value)}`,
    );
  }
}

/** With references that hold outside of the contract too. */
function absolute<Node extends object>(node: Node): Node {
  return JSON.parse(JSON.stringify(node).replaceAll('"#/components/', `"${contract}#/components/`)) as Node;
}

/**
 * Holds what was sent and what came back against the contract, and notes that it was tried.
 * @throws {Error} when the answer is not one that the contract declares, or an invalid request was accepted
 */
export function checkExchange(operation: Operation, sent: Sent, received: Received): void {
  checkResponse(operation, received);
  if (received.status < 300) checkRequest(operation, sent);
  const line = `${operation.id} ${received.status}\n`;
  appendFileSync(join(fromRunner('TEST_COVERAGE_DIR'), String(process.pid)), line);
}

/** For errors that belong to no operation. @throws {Error} when it is not of the form that all errors have */
export function checkProblem({ status, headers, body }: Received): void {
  checkUsualHeaders('a problem', headers);
  check('a problem', ajv, { $ref: '#/components/schemas/Problem' }, body);
  const { status: told, request_id } = body as Named<'Problem'>;
  if (told !== status || request_id !== headers.get('X-Request-Id'))
    throw new Error(`headers and body disagree: ${JSON.stringify(body)}`);
  if (headers.get('Content-Type') !== 'application/problem+json; charset=utf-8')
    throw new Error(`a problem came as ${headers.get('Content-Type')}`);
}

/** What every answer says, so that neither browsers nor caches do mischief with it. */
function checkUsualHeaders(where: string, headers: Headers): void {
  const lacking = usualHeaders.filter((name) => !headers.has(name));
  if (lacking.length > 0) throw new Error(`${where} lacks ${lacking.join(', ')}`);
  if (headers.get('X-Content-Type-Options') !== 'nosniff') throw new Error(`${where} may be guessed at`);
  if (headers.has('Access-Control-Allow-Credentials')) throw new Error(`${where} allows cookies`);
}

function checkResponse({ id, responses }: Operation, { status, headers, body }: Received): void {
  const declared = responses[status];
  if (!declared)
    throw new Error(`${id} answered ${status}, which it does not declare: ${JSON.stringify(body)}`);
  for (const [name, { required }] of Object.entries(declared.headers ?? {})) {
    if (required && !headers.has(name)) throw new Error(`${id} ${status} lacks the header ${name}`);
  }
  checkUsualHeaders(`${id} ${status}`, headers);
  if (!/\bOrigin\b/.test(headers.get('Vary') ?? ''))
    throw new Error(`${id} ${status} is not kept apart by Origin`);
  const [mediaType, content] = Object.entries(declared.content ?? {})[0] ?? [];
  const sentType = headers.get('Content-Type')?.split(';', 1)[0];
  if (sentType !== mediaType) throw new Error(`${id} ${status} came as ${sentType}, not as ${mediaType}`);
  if (content && mediaType?.includes('json') && body !== '')
    check(`${id} ${status}`, ajv, content.schema, body);
}

function checkRequest({ id, path: template, parameters, bodySchema }: Operation, { path, body }: Sent): void {
  const [pathname = '', search = ''] = path.split('?');
  const names = [...template.matchAll(/\{(\w+)\}/g)].map(([, name]) => name ?? '');
  const pattern = new RegExp(`^${template.replaceAll(/\{\w+\}/g, '([^/]+)')}$`);
  const values = (pattern.exec(pathname) ?? []).slice(1).map(decodeURIComponent);
  const given = {
    path: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    query: Object.fromEntries(new URLSearchParams(search)),
  };
  for (const where of ['path', 'query'] as const) {
    const known = parameters.filter((parameter) => parameter.in === where);
    const schema: Schema = {
      type: 'object',
      properties: Object.fromEntries(known.map((parameter) => [parameter.name, parameter.schema])),
      required: known.filter((parameter) => parameter.required).map(({ name }) => name),
      additionalProperties: false,
    };
    check(`${id} ${where}`, coerce, schema, given[where]);
  }
  if (bodySchema) check(`${id} body`, ajv, bodySchema, JSON.parse(Buffer.from(body ?? '').toString()));
}
