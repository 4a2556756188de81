import { readFileSync } from 'node:fs';
import type { operations as Operations } from '../../src/generated/openapi.ts';

export type OperationId = keyof Operations;

/** The part of JSON Schema that the contract uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly format?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly examples?: readonly unknown[];
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  additionalProperties?: boolean;
}

export interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
  readonly required?: boolean;
  readonly schema: Schema;
  readonly example?: unknown;
}

interface MediaTypes {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

interface Header {
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Response extends MediaTypes {
  readonly headers?: Readonly<Record<string, Header>>;
}

export interface Operation {
  readonly id: OperationId;
  readonly method: string;
  readonly path: string;
  readonly role: 'public' | 'authenticated' | readonly string[];
  readonly parameters: readonly Parameter[];
  readonly bodySchema: Schema | undefined;
  readonly responses: Readonly<Record<string, Response>>;
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

export const document = JSON.parse(
  readFileSync(new URL('../../dist/openapi.json', import.meta.url), 'utf8'),
) as Document;

/** Follows a reference within the contract. */
export function resolved<Node>(node: Node): Node {
  const { $ref } = node as { $ref?: string };
  if ($ref === undefined) return node;
  const steps = $ref.slice(2).split('/');
  return steps.reduce<unknown>((at, step) => (at as Record<string, unknown>)[step], document) as Node;
}

function answerOf(response: Response): Response {
  const { headers = {}, ...rest } = resolved(response);
  const each = Object.entries(headers).map(([name, header]) => [name, resolved(header)] as const);
  return { ...rest, headers: Object.fromEntries(each) };
}

interface RawOperation {
  readonly operationId: OperationId;
  readonly 'x-required-role': Operation['role'];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: MediaTypes;
  readonly responses: Operation['responses'];
}

const methods = ['get', 'post', 'put', 'patch', 'delete'];

/** Every operation, read from the contract without the service's own reader. */
export const operations: ReadonlyMap<OperationId, Operation> = new Map(
  Object.entries(document.paths).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const raw = item[method] as RawOperation | undefined;
      if (!raw) return [];
      const shared = (item['parameters'] ?? []) as readonly Parameter[];
      const operation: Operation = {
        id: raw.operationId,
        method: method.toUpperCase(),
        path,
        role: raw['x-required-role'],
        parameters: [...shared, ...(raw.parameters ?? [])].map(resolved),
        bodySchema: raw.requestBody?.content?.['application/json']?.schema,
        responses: Object.fromEntries(
          Object.entries(raw.responses).map(([status, response]) => [status, answerOf(response)]),
        ),
      };
      return [[operation.id, operation] as const];
    }),
  ),
);

/** The operation that a request is for; words in a path win over parameters. */
export function operationAt(method: string, pathAndQuery: string): Operation | undefined {
  const path = pathAndQuery.split('?', 1)[0] ?? '';
  const asked = method === 'HEAD' ? 'GET' : method;
  return byPattern.find(([operation, pattern]) => operation.method === asked && pattern.test(path))?.[0];
}

const byPattern = [...operations.values()]
  .sort((one, other) => placeholders(one) - placeholders(other))
  .map((operation) => [operation, patternOf(operation)] as const);

function patternOf({ path }: Operation): RegExp {
  return new RegExp(`^${path.replaceAll('.', '\\.').replaceAll(/\{\w+\}/g, '[^/]+')}$`);
}

function placeholders({ path }: Operation): number {
  return path.split('{').length;
}
