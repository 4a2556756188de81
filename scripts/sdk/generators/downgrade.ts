export type Node = Readonly<Record<string, unknown>>;

/** Members that hold values, and no schemas. */
const values = new Set(['example', 'enum']);

/** What 3.0 has no words for; the service refuses all the same what is wrong. */
const unsaid = new Set(['const', 'dependentRequired']);

/** Says in OpenAPI 3.0 what is said in 3.1. */
export function downgrade(node: Node): Node {
  const result: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(inWordsOf30(node))) {
    if (key === 'properties') result[key] = downgradeNamed(member as Node);
    else if (key === 'examples' && Array.isArray(member)) result['example'] = member[0] as unknown;
    else if (values.has(key) || key === 'examples') result[key] = member;
    else if (!unsaid.has(key)) result[key] = downgradeAny(member);
  }
  return result;
}

/** The keys of this object are names, whatever they look like. */
function downgradeNamed(properties: Node): Node {
  return Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, downgradeAny(schema)]));
}

function downgradeAny(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(downgradeAny);
  return typeof value === 'object' && value !== null ? downgrade(value as Node) : value;
}

/** One level of a schema: what may be null, and what both refers and describes. */
function inWordsOf30(node: Node): Node {
  const { type, oneOf, enum: allowed, $ref, ...rest } = node;
  if ($ref !== undefined && Object.keys(rest).length > 0) return { ...rest, allOf: [{ $ref }] };
  if (Array.isArray(type) && type.includes('null')) {
    const some = Array.isArray(allowed) ? { enum: allowed.filter((each) => each !== null) } : {};
    return { ...rest, ...some, type: type.find((each) => each !== 'null') as unknown, nullable: true };
  }
  if (Array.isArray(oneOf)) {
    const some = oneOf.filter((each) => (each as Node)['type'] !== 'null');
    if (some.length === 1) return { ...rest, allOf: some, nullable: true };
  }
  return node;
}
