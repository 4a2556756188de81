import { follow } from './operation.ts';
import type { Content, Context, Exemplified, Schema, Visit } from './redocly.ts';
import { isSharedSchema } from './schema.ts';

interface ExampleVisitor {
  Schema: Visit<Schema>;
  Parameter: Visit<Exemplified>;
  Header: Visit<Exemplified>;
  MediaType: Visit<Content>;
}

/** Whatever comes in or goes out shows what it looks like; Redocly and Spectral check that examples fit. */
export function example(): ExampleVisitor {
  return {
    Schema(schema, context) {
      if (isSharedSchema(context.location) && !hasExample(schema)) reportMissing('examples', context);
    },
    Parameter(parameter, context) {
      if (!hasExample(parameter)) reportMissing('example', context);
    },
    Header(header, context) {
      if (!hasExample(header)) reportMissing('example', context);
    },
    MediaType(content, context) {
      if (!hasExample(content) && !schemaHasExample(content, context)) reportMissing('example', context);
    },
  };
}

function reportMissing(keyword: string, { location, report }: Context) {
  report({ message: `Add \`${keyword}\` with one realistic value.`, location });
}

function hasExample({ example, examples }: Exemplified): boolean {
  return example !== undefined || Object.keys(examples ?? {}).length > 0;
}

/** A schema of components/schemas is asked itself. */
function schemaHasExample({ schema }: Content, context: Context): boolean {
  const found = follow<Schema>(schema, context.location.child('schema'), context);
  return found !== undefined && (isSharedSchema(found.location) || hasExample(found.node));
}
