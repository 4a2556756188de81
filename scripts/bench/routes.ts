import { compileAccess } from '../../src/http/access-query.ts';
import { contract } from '../../src/http/contract.ts';
import { readOperations, type Operation } from '../../src/http/operations.ts';
import type { Route } from './baselines/route.ts';
import type { BenchOperation } from './operation.ts';

/** What the contract says of these operations. */
export function routesOf(operations: readonly BenchOperation[]): Route[] {
  const declared = new Map<string, Operation>(readOperations(contract).map((each) => [each.id, each]));
  return operations.map(({ id }) => {
    const operation = declared.get(id);
    if (!operation) throw new TypeError(`The contract has no operation ${id}.`);
    const { method, path, responses } = operation;
    const query = compileAccess(operation);
    const status = Number(Object.keys(responses).find((each) => each.startsWith('2')));
    const rule = query === 'public' ? undefined : query;
    return { id, method, path, status, access: rule?.access, parameters: rule?.parameters ?? [] };
  });
}
