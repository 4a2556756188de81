export type Kind = 'operation' | 'parameter' | 'body' | 'response' | 'media' | 'header' | 'schema';

export interface Place {
  readonly kind: Kind;
  readonly direction: 'in' | 'out';
  /** Schemas of parameters and headers are judged by fewer rules than those of bodies. */
  readonly schemaOf?: 'parameter' | 'header' | 'body';
}

/** Read by people alone. */
export const words = ['summary', 'description', 'title', 'example', 'examples', 'externalDocs', '$comment'];

/** Keys whose change oasdiff or another part of the report tells of: each tried in test/contract-shapes.test.ts. */
const judged: Readonly<Record<Kind, readonly string[]>> = {
  operation: [
    ...['operationId', 'tags', 'security', 'deprecated', 'x-deprecated-since', 'x-sunset', 'x-successor'],
    ...['x-required-role', 'x-rate-limit', 'x-database'],
  ],
  parameter: ['name', 'in', 'required', 'deprecated'],
  body: ['required'],
  response: [],
  media: [],
  header: ['required'],
  schema: ['deprecated', 'type', 'format', 'maximum', 'minimum', 'maxLength', 'minLength'],
};
const judgedInParameters = ['enum', 'pattern', 'default'];
const judgedInBodies = [
  ...['enum', 'const', 'pattern', 'default', 'required', 'dependentRequired'],
  ...['exclusiveMaximum', 'multipleOf', 'maxItems', 'minItems', 'uniqueItems', 'maxProperties'],
  ...['minProperties', 'contentEncoding', 'readOnly'],
];

const children: Readonly<Record<'map' | 'single', Partial<Record<Kind, Readonly<Record<string, Kind>>>>>> = {
  map: {
    operation: { responses: 'response' },
    body: { content: 'media' },
    response: { headers: 'header', content: 'media' },
    schema: { properties: 'schema' },
  },
  single: {
    operation: { requestBody: 'body' },
    parameter: { schema: 'schema' },
    header: { schema: 'schema' },
    media: { schema: 'schema' },
    schema: { items: 'schema' },
  },
};

export function isJudged(key: string, { kind, schemaOf }: Place): boolean {
  if (words.includes(key) || judged[kind].includes(key)) return true;
  if (kind !== 'schema') return false;
  return (
    (schemaOf === 'parameter' && judgedInParameters.includes(key)) ||
    (schemaOf === 'body' && judgedInBodies.includes(key))
  );
}

/** What is below a key: a map of such places, or one; undefined where it is something else. */
export function childPlace(shape: 'map' | 'single', key: string, parent: Place): Place | undefined {
  const kind = children[shape][parent.kind]?.[key];
  if (kind === undefined || (kind === 'schema' && parent.kind === 'schema')) return kind && parent;
  const direction = key === 'responses' ? 'out' : parent.direction;
  if (kind !== 'schema') return { kind, direction };
  return {
    kind,
    direction,
    schemaOf: parent.kind === 'media' ? 'body' : (parent.kind as 'parameter' | 'header'),
  };
}
