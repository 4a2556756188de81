import type { Context, Described, Schema, Visit } from './redocly.ts';
import { isSharedSchema } from './schema.ts';

interface DescriptionVisitor {
  Schema: Visit<Schema>;
  SchemaProperties: Visit<Readonly<Record<string, Described>>>;
  Header: Visit<Described>;
}

/** Each schema, field and header says what it means; Redocly sees to operations, parameters, answers and tags. */
export function description(): DescriptionVisitor {
  return {
    Schema(schema, context) {
      if (isSharedSchema(context.location)) check(schema, context);
    },
    SchemaProperties(properties, context) {
      for (const [name, property] of Object.entries(properties)) {
        // What is referred to says it itself.
        if (property.$ref === undefined) check(property, context, name);
      }
    },
    Header(header, context) {
      check(header, context);
    },
  };
}

function check({ description = '' }: Described, { location, report }: Context, name?: string): void {
  if (description.trim() !== '') return;
  report({
    message: 'Add `description`: what does it mean?',
    location: name === undefined ? location : location.child(name),
  });
}
