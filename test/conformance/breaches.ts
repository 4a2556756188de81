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

/** By their schemas: most are the same in many places, and take longer to compile than to use. */
const validators = new Map<string, ValidateFunction>();

/**
 * Where a value is not as a schema of the contract has it; in words that say nothing of the value.
 * @param part what is looked at, such as `body`
 */
export function breaches(
  part: string,
  schema: Schema,
  value: unknown,
  kind: keyof typeof engines = 'value',
): string[] {
  const engine = engines[kind];
  const key = kind + JSON.stringify(schema);
  const validate = validators.get(key) ?? engine.compile(absolute(schema));
  validators.set(key, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => engine.errorsText([error], { dataVar: part }));
}

/** With references that hold outside of the contract too. */
function absolute<Node extends object>(node: Node): Node {
  return JSON.parse(JSON.stringify(node).replaceAll('"#/components/', `"${contract}#/components/`)) as Node;
}
