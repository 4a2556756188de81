import type { Schema, Visit } from './redocly.ts';
import { hasType } from './schema.ts';

/** No number and no map is endless; OWASP's rules of Spectral see to texts, whole numbers and lists. */
export function limits(): { Schema: Visit<Schema> } {
  return {
    Schema(schema, { location, report }) {
      if (hasType(schema, 'number')) {
        for (const keyword of ['minimum', 'maximum'] as const) {
          if (schema[keyword] === undefined) report({ message: `Add \`${keyword}\`.`, location });
        }
      }
      if (schema.additionalProperties && !schema.properties && schema.maxProperties === undefined) {
        report({ message: 'Add `maxProperties`: no map is endless.', location });
      }
    },
  };
}
