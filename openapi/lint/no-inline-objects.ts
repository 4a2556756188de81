import { isObjectSchema, isSharedSchema } from './schema.ts';
import type { Schema, Visit } from './redocly.ts';

/** These narrow a schema instead of describing a value. */
const narrowing = /\/(not|if|then|else|dependentSchemas)(\/|$)/;

/** Every object has a name: it is written once, in components/schemas. */
export function noInlineObjects(): { Schema: Visit<Schema> } {
  return {
    Schema(schema, { location, report }) {
      if (!isObjectSchema(schema) || isSharedSchema(location) || narrowing.test(location.pointer)) return;
      report({
        message: 'Move this object to components/schemas and refer to it with `$ref`.',
        location,
      });
    },
  };
}
