import type { Body, Context, Location, Operation, Parameter, PathItem, Schema } from './redocly.ts';

export interface Located<T> {
  readonly node: T;
  readonly location: Location;
}

/** Follows a reference found at `location`; undefined where it leads nowhere, which Redocly reports itself. */
export function follow<T>(node: unknown, location: Location, context: Context): Located<T> | undefined {
  const target = context.resolve(node, location.source.absoluteRef);
  if (typeof target.node !== 'object' || target.node === null) return undefined;
  const isReference = target.node !== node;
  return { node: target.node as T, location: isReference && target.location ? target.location : location };
}

/** The parameters of the operation now visited and of its path. */
export function parametersOf(operation: Operation, context: Context): Parameter[] {
  const ofPath = (context.parent as PathItem).parameters ?? [];
  return [...(operation.parameters ?? []), ...ofPath]
    .map((each) => follow<Parameter>(each, context.location, context)?.node)
    .filter((each) => each !== undefined);
}

/** The schemas of the request body of the operation now visited, by media type. */
export function bodySchemasOf(operation: Operation, context: Context): Map<string, Located<unknown>> {
  const body = operation.requestBody
    ? follow<Body>(operation.requestBody, context.location.child('requestBody'), context)
    : undefined;
  const schemas = new Map<string, Located<unknown>>();
  if (!body) return schemas;
  for (const [mediaType, content] of Object.entries(body.node.content ?? {})) {
    const location = body.location.child(['content', mediaType, 'schema']);
    if (content?.schema) schemas.set(mediaType, { node: content.schema, location });
  }
  return schemas;
}

/** The names of the fields of the JSON body of the operation now visited. */
export function bodyProperties(operation: Operation, context: Context): string[] {
  const schema = bodySchemasOf(operation, context).get('application/json');
  const resolved = schema && follow<Schema>(schema.node, schema.location, context);
  return Object.keys(resolved?.node.properties ?? {});
}

/** Whether a token is needed in every case: an empty requirement among others makes it optional. */
export function isSecured(security: readonly object[] | undefined): boolean {
  return (
    security !== undefined && security.length > 0 && security.every((each) => Object.keys(each).length > 0)
  );
}
