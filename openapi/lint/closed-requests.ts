import { bodySchemasOf, follow } from './operation.ts';
import type { Context, Location, Operation, Parameter, Schema, Visit } from './redocly.ts';
import { hasType, isObjectSchema } from './schema.ts';

const boundedFormats = ['uuid', 'date', 'date-time'];

interface ClosedRequestsVisitor {
  Operation: Visit<Operation>;
  Parameter: Visit<Parameter>;
  Schema: Visit<Schema>;
}

/** What comes in has known members and a largest size. */
export function closedRequests(): ClosedRequestsVisitor {
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
    if (isUnboundedString(schema)) {
      context.report({ message: 'Add `maxLength`: a request has no endless strings.', location });
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
    Schema(schema, { location, report }) {
      if (!hasType(schema, 'array') || schema.maxItems !== undefined) return;
      report({ message: 'Add `maxItems`: no list is endless.', location });
    },
  };
}

function isUnboundedString(schema: Schema): boolean {
  return (
    hasType(schema, 'string') &&
    schema.maxLength === undefined &&
    schema.enum === undefined &&
    schema.const === undefined &&
    !boundedFormats.includes(schema.format ?? '')
  );
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
