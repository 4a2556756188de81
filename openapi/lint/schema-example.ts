import { isObjectSchema, isSharedSchema } from './schema.ts';
import type { Schema, Visit } from './redocly.ts';

/** Every object shows what it looks like; Redocly itself checks that the example fits. */
export function schemaExample(): { Schema: Visit<Schema> } {
  return {
    Schema(schema, { location, report }) {
      if (!isObjectSchema(schema) || !isSharedSchema(location)) return;
      const hasExample = Array.isArray(schema.examples)
        ? schema.examples.length > 0
        : schema.example !== undefined;
      if (!hasExample) report({ message: 'Add `examples` with one realistic value.', location });
    },
  };
}
