import { bodySchemasOf, follow } from './operation.ts';
import type { Context, Location, Operation, Parameter, Schema, Visit } from './redocly.ts';
import { isObjectSchema } from './schema.ts';

/** What comes in has known members. */
export function closedRequests(): { Operation: Visit<Operation>; Parameter: Visit<Parameter> } {
  const seen = new Set<string>();

  function check(part: unknown, place: Location, context: Context): void {
    const found = follow<Schema>(part, place, context);
    if (!found || seen.has(found.location.absolutePointer)) return;
    seen.add(found.location.absolutePointer);
    const { node: schema, location } = found;

    if (isObjectSchema(schema) && schema.additionalProperties !== false) {
      context.report({
        message: 'Add `additionalProperties: false`: a request has no unknown fields.',
        location,
      });
    }
    for (const [path, child] of children(schema)) check(child, location.child(path), context);
  }

  return {
    Operation(operation, context) {
      for (const schema of bodySchemasOf(operation, context).values()) {
        check(schema.node, schema.location, context);
      }
    },
    Parameter({ schema }, context) {
      check(schema, context.location.child('schema'), context);
    },
  };
}

function children(schema: Schema): [path: (string | number)[], child: unknown][] {
  return [
    ...Object.entries(schema.properties ?? {}).map(([name, child]): [string[], unknown] => [
      ['properties', name],
      child,
    ]),
    ...(['allOf', 'anyOf', 'oneOf'] as const).flatMap((keyword) =>
      (schema[keyword] ?? []).map((child, index): [(string | number)[], unknown] => [
        [keyword, index],
        child,
      ]),
    ),
    [['items'], schema.items],
  ];
}
