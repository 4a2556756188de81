import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import { resolve, type ContractDocument } from '../../src/http/contract.ts';
import type { Operation } from '../../src/http/operations.ts';

/** What the contract shows of one answer of an operation. */
export interface ExampleAnswer {
  readonly status: number;
  readonly mediaType: string | undefined;
  /** By their names; one alone has none. */
  readonly bodies: ReadonlyMap<string, unknown>;
  /** Those that always come, but the ones that every answer has. */
  readonly headers: Readonly<Record<string, string>>;
}

/** Every answer that an operation declares, by its status. */
export function exampleAnswers(
  document: ContractDocument,
  { path, method }: Operation,
): ReadonlyMap<number, ExampleAnswer> {
  const item = document.paths?.[path];
  const operation = item?.[method.toLowerCase() as 'get'];
  return new Map(
    Object.entries(operation?.responses ?? {}).map(([status, response]) => [
      Number(status),
      exampleAnswer(document, Number(status), resolve<OpenAPIV3.ResponseObject>(document, response)),
    ]),
  );
}

function exampleAnswer(
  document: ContractDocument,
  status: number,
  { content = {}, headers = {} }: OpenAPIV3.ResponseObject,
): ExampleAnswer {
  const [mediaType, shown] = Object.entries(content)[0] ?? [];
  const shownHeaders = Object.entries(headers).flatMap(([name, reference]) => {
    const header = resolve<OpenAPIV3.HeaderObject>(document, reference);
    return header.required ? [[name, String(header.example)] as const] : [];
  });
  return {
    status,
    mediaType,
    bodies: shown ? bodiesOf(document, shown) : new Map(),
    headers: Object.fromEntries(shownHeaders),
  };
}

type Shown = Pick<OpenAPIV3.MediaTypeObject, 'example' | 'examples' | 'schema'>;

function bodiesOf(document: ContractDocument, shown: Shown): Map<string, unknown> {
  if (shown.examples) {
    const named = Object.entries(shown.examples).map(([name, reference]) => {
      const example = resolve<OpenAPIV3.ExampleObject>(document, reference);
      return [name, example.value as unknown] as const;
    });
    return new Map(named);
  }
  const body: unknown = shown.example ?? (shown.schema && exampleOf(document, shown.schema));
  return new Map([['', body]]);
}

/** The first example of a schema; of an array that has none, one item. */
function exampleOf(document: ContractDocument, reference: NonNullable<Shown['schema']>): unknown {
  const schema = resolve<Exemplified>(document, reference);
  if (schema.examples) return schema.examples[0];
  return schema.items ? [exampleOf(document, schema.items)] : undefined;
}

/** A schema as 3.1 has it. */
interface Exemplified {
  readonly examples?: readonly unknown[];
  readonly items?: NonNullable<Shown['schema']>;
}
