interface Operation {
  readonly security?: readonly unknown[];
  readonly parameters?: readonly (Parameter | Reference)[];
}

interface Reference {
  readonly $ref: string;
}

interface Parameter {
  readonly name: string;
}

export interface PublishedContract {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: {
    readonly schemas: Readonly<Record<string, unknown>>;
    readonly parameters: Readonly<Record<string, Parameter>>;
  };
}

/** What the client knows of the contract beside its types: a name for each schema, and which operations it treats how. */
export function clientKnowledge({ paths, components }: PublishedContract): string {
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item)
      .filter(([method]) => /^(get|post|put|patch|delete)$/.test(method))
      .map(([method, operation]) => ({ key: `${method.toUpperCase()} ${path}`, operation })),
  );

  function setOf(name: string, belongs: (operation: Operation) => boolean): string {
    const keys = operations.filter(({ operation }) => belongs(operation)).map(({ key }) => `  '${key}',\n`);
    return `export const ${name}: ReadonlySet<string> = new Set([\n${keys.join('')}]);\n`;
  }

  function takes(header: string): (operation: Operation) => boolean {
    return ({ parameters = [] }) => parameters.some((parameter) => nameOf(parameter) === header);
  }

  function nameOf(parameter: Parameter | Reference): string | undefined {
    if ('name' in parameter) return parameter.name;
    return components.parameters[parameter.$ref.replace('#/components/parameters/', '')]?.name;
  }

  return [
    ...Object.keys(components.schemas).map(
      (name) => `export type ${name} = components['schemas']['${name}'];\n`,
    ),
    setOf('publicOperations', ({ security }) => security?.length === 0),
    setOf('operationsWithIdempotencyKey', takes('Idempotency-Key')),
    setOf('operationsWithDeviceId', takes('Device-Id')),
  ].join('');
}
