export type Node = Readonly<Record<string, unknown>>;

/** A bundle of the contract, of any age: nothing is sure of it but its outline. */
export interface Contract extends Node {
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Node>>;
  readonly components?: Readonly<Record<string, Node>>;
}

export interface Operation {
  readonly id: string;
  readonly path: string;
  /** As the report calls it. */
  readonly name: string;
  /** Together with the parameters of its path. */
  readonly definition: Node;
}

export interface Pairs {
  readonly kept: readonly (readonly [before: Operation, after: Operation])[];
  readonly removed: readonly Operation[];
  readonly added: readonly Operation[];
}

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace'];

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Follows a reference within the bundle; what stands beside the reference wins. */
export function resolve(contract: Contract, value: unknown): unknown {
  if (!isNode(value) || typeof value['$ref'] !== 'string') return value;
  const { $ref, ...beside } = value as { $ref: string };
  const steps = $ref.slice(2).split('/');
  const target = steps.reduce<unknown>((at, step) => (isNode(at) ? at[step] : undefined), contract);
  return isNode(target) ? { ...(resolve(contract, target) as Node), ...beside } : target;
}

export function isMethod(key: string): boolean {
  return methods.includes(key);
}

/** The same method and path are the same operation, whatever its path parameters are called; else the same operationId is. */
export function pairOperations(before: Contract, after: Contract): Pairs {
  const [left, right] = [operationsOf(before), operationsOf(after)];
  const kept: [Operation, Operation][] = [];
  for (const sameAs of [slot, ({ id }: Operation) => id]) {
    for (const one of [...left]) {
      const other = [...right].find((each) => sameAs(each) === sameAs(one));
      if (!other) continue;
      kept.push([one, other]);
      left.delete(one);
      right.delete(other);
    }
  }
  return { kept, removed: [...left], added: [...right] };
}

function slot({ name }: Operation): string {
  return name.replaceAll(/\{\w+\}/g, '{}');
}

function operationsOf(contract: Contract): Set<Operation> {
  const operations = new Set<Operation>();
  for (const [path, item] of Object.entries(contract.paths)) {
    for (const [method, definition] of Object.entries(item)) {
      if (!isMethod(method) || !isNode(definition)) continue;
      const id = String(definition['operationId']);
      const parameters = [...listOf(item['parameters']), ...listOf(definition['parameters'])];
      operations.add({
        id,
        path,
        name: `${method.toUpperCase()} ${path}`,
        definition: { ...definition, parameters },
      });
    }
  }
  return operations;
}
