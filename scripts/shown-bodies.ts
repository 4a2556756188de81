import type { OpenAPIV3 } from 'express-openapi-validator/dist/framework/types.js';
import { resolve, type ContractDocument } from '../src/http/contract.ts';

type MediaType = Pick<OpenAPIV3.MediaTypeObject, 'example' | 'examples' | 'schema'>;

/** The bodies that the contract shows: by their names, or one without a name, which may be its schema's. */
export function shownBodies(
  document: ContractDocument,
  { example, examples, schema }: MediaType,
): Map<string, unknown> {
  if (examples) {
    const named = Object.entries(examples).map(([name, reference]) => {
      const one = resolve<OpenAPIV3.ExampleObject>(document, reference);
      return [name, one.value as unknown] as const;
    });
    return new Map(named);
  }
  if (example !== undefined || !schema) return new Map([['', example as unknown]]);
  const { examples: ofSchema } = resolve<{ examples?: readonly unknown[] }>(document, schema);
  return new Map([['', ofSchema?.[0]]]);
}
