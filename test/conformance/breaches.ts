import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { document, type Schema } from '../helpers/contract.ts';

/** For what is sent as it is, and for what comes as text: parts of an address and headers. */
const engines = {
  value: new Ajv2020({ strict: false, allErrors: true }),
  text: new Ajv2020({ strict: false, allErrors: true, coerceTypes: true }),
};
const contract = 'contract.json';

/** The contract leaves room for more fields later; today there must be no others. */
const closed = structuredClone(document.components.schemas);
for (const schema of Object.values(closed)) if (schema.properties) schema.additionalProperties ??= false;

for (const engine of Object.values(engines)) {
  addFormats.default(engine);
  // Once, as an engine walks through all of what it is given whenever it compiles.
  engine.addSchema(absolute({ components: { schemas: closed } }), contract);
}

const validators = new Map<string, ValidateFunction>();

/**
 * Where a value is not as a schema of the contract has it; in words that say nothing of the value.
 * @param place what is looked at, the same for the same schema, such as `listProjects 200 body`
 */
export function breaches(
  place: string,
  schema: Schema,
  value: unknown,
  kind: keyof typeof engines = 'value',
): string[] {
  const engine = engines[kind];
  const validate = validators.get(place) ?? engine.compile(absolute(schema));
  validators.set(place, validate);
  if (validate(value)) return [];
  const part = place.split(' ').at(-1) ?? '';
  return (validate.errors ?? []).map((error) => engine.errorsText([error], { dataVar: part }));
}

/** With references that hold outside of the contract too. */
function absolute<Node extends object>(node: Node): Node {
  return JSON.parse(JSON.stringify(node).replaceAll('"#/components/', `"${contract}#/components/`)) as Node;
}
