import type { ContractDocument } from './contract.ts';

/**
 * The contract leaves its answers open, so that a field may be added without breaking a client. This service sends exactly
 * what the contract names: in its own copy every object is closed, so that a column never leaks by accident.
 */
export function closeResponses(contract: ContractDocument): ContractDocument {
  const closed = structuredClone(contract);
  for (const schema of Object.values(closed.components.schemas ?? {})) {
    if ('properties' in schema) schema.additionalProperties ??= false;
  }
  return closed;
}
