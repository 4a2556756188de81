import { downgrade, type Node } from './downgrade.ts';

/**
 * The contract in OpenAPI 3.0, for openapi-generator warns of its own support of 3.1; and reshaped where brittle or
 * unnatural clients would come of it:
 * - an enumeration that may grow is a text, because most clients fail on a value that they do not know;
 * - the errors of an operation are one, because Rust would take each of them for that of the first status;
 * - a map or a list is written where it is used, because languages give no name to one;
 * - the introduction is the summary, because it is repeated in each file.
 */
export function contractForGenerators(contract: Node): Node {
  const { summary, license, ...info } = contract['info'] as { summary: string; license: Node };
  const components = contract['components'] as Readonly<
    Record<'schemas' | 'responses', Record<string, Node>>
  >;
  const all = Object.entries(components.schemas);
  const collections = new Map(
    all
      .filter(([, schema]) => isCollection(schema))
      .map(([name, schema]) => [`#/components/schemas/${name}`, schema]),
  );
  const schemas = Object.fromEntries(all.filter(([, schema]) => !isCollection(schema)));
  const responses = { ...components.responses, Problem: problem };
  const reshaped = reshape({ ...contract, components: { ...components, schemas, responses } }, collections);
  return {
    ...downgrade(reshaped as Node),
    openapi: '3.0.3',
    info: { ...info, contact, description: summary, license: { name: license['name'] } },
  };
}

/** Packages name it as their author, and otherwise the generator's makers. */
const contact = { name: 'Tripod', email: 'tripod@example.org' };

const problem = {
  description: 'What went wrong.',
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
};

function isCollection(schema: Node): boolean {
  return schema['type'] === 'array' || (schema['type'] === 'object' && !('properties' in schema));
}

function reshape(value: unknown, collections: ReadonlyMap<string, Node>): unknown {
  if (Array.isArray(value)) return value.map((each) => reshape(each, collections));
  if (typeof value !== 'object' || value === null) return value;
  const collection = collections.get(String((value as Node)['$ref']));
  if (collection) return reshape(collection, collections);
  const members = Object.entries(value as Node)
    .filter(([key]) => key !== 'enum' || !('x-may-grow' in value))
    .map(([key, each]) => [key, reshape(each, collections)] as const);
  const node: Node = Object.fromEntries(members);
  return 'operationId' in node ? { ...node, responses: withOneError(node['responses'] as Node) } : node;
}

/** Every error refers to what all errors are; what does not has another form. */
function withOneError(responses: Node): Node {
  const isError = ([status, response]: [string, unknown]) =>
    Number(status) >= 400 && '$ref' in (response as Node);
  const others = Object.entries(responses).filter((each) => !isError(each));
  return { ...Object.fromEntries(others), default: { $ref: '#/components/responses/Problem' } };
}
